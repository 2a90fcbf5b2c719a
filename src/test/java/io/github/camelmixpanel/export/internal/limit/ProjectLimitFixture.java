package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit.Permit;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.testkit.FakeTime;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import io.github.camelmixpanel.export.testkit.StallGuard;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the limit have in common; the guard is for waits that never end. */
@ExtendWith(StallGuard.class)
abstract class ProjectLimitFixture {

    static final Limits MIXPANEL = new Limits(60, 3, 100);

    @TempDir Path state;

    final FakeTime time = FakeTime.at("2026-10-20T12:00:00Z");

    /** By how much the clock has changed, while {@link #time} passes. */
    Duration set = Duration.ZERO;

    final Instant noon = time.instant();
    final BlockingQueue<String> reported = new LinkedBlockingQueue<>();
    final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** Admits a query that leaves at once. */
    Permit admit(ProjectLimit limit, int day) throws InterruptedException, LedgerException {
        Permit permit = admitUnsent(limit, day);
        if (permit != null) {
            permit.sent();
        }
        return permit;
    }

    Permit admitUnsent(ProjectLimit limit, int day) throws InterruptedException, LedgerException {
        return limit.admit(
                day(day), "orders", 0, (until, reason) -> reported.add(reason + " until " + until));
    }

    ProjectLimit open(Limits limits) throws LedgerException {
        return open(limits, new FaultyDisk());
    }

    ProjectLimit open(Limits limits, Disk disk) throws LedgerException {
        return new ProjectLimit(
                "project 123 on data.mixpanel.com",
                QueryLog.file(state, "data.mixpanel.com", "123"),
                limits,
                () -> time.instant().plus(set),
                time,
                time,
                () -> 0,
                stored(disk));
    }

    /** What keeps the log for it. */
    Disk stored(Disk disk) throws LedgerException {
        return disk;
    }

    static Window day(int day) {
        return Window.ofDay(LocalDate.parse("2026-09-30").plusDays(day));
    }
}
