package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.observe.RecentSnapshot;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentSnapshotTest extends ExportTestSupport {

    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger taken = new AtomicInteger();

    @Test
    void isTakenOnceForAllWhoAskInATenthOfASecond() throws Exception {
        collect(uri("2026-10-05", "2026-10-05", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        RecentSnapshot recent =
                new RecentSnapshot(
                        () -> {
                            taken.incrementAndGet();
                            return consumer().snapshot();
                        },
                        time::get);

        Optional<ExportSnapshot> first = recent.get();
        time.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(recent.get()).isSameAs(first);
        assertThat(taken).hasValue(1);

        time.addAndGet(1);
        assertThat(recent.get()).isNotSameAs(first);
        assertThat(taken).hasValue(2);
    }

    @Test
    void isAskedForAgainAsLongAsThereIsNone() {
        RecentSnapshot recent =
                new RecentSnapshot(
                        () -> {
                            taken.incrementAndGet();
                            return Optional.empty();
                        },
                        time::get);

        assertThat(recent.get()).isEmpty();
        assertThat(recent.get()).isEmpty();
        assertThat(taken).hasValue(2);
    }
}
