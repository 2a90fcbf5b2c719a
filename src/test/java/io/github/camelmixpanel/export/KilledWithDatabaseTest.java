package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An application whose state is in a database dies with its disk, and another one goes on. */
@Tag(FullBuild.TAG)
class KilledWithDatabaseTest extends DatabaseTestSupport {

    private static final int EVENTS = 3_000;

    @Test
    void anotherMachineGoesOnWithinThePromise() throws Exception {
        assumeThat(kind)
                .as("a server that outlives the application")
                .isEqualTo(StateKind.POSTGRESQL);
        String[] events = lines(DAY, EVENTS);
        mixpanel.addEvents(events);
        Path out = temp.resolve("killed.jsonl");
        long pid;
        try (ForkedExport killed =
                ForkedExport.start(
                        uri(
                                DAY,
                                DAY,
                                "stateDirectory=" + temp.resolve("lost"),
                                "dataSource=#bean:db"),
                        out,
                        temp.resolve("killed.log"),
                        "-Dpause=1",
                        "-Ddatabase=" + url())) {
            await().until(() -> ForkedExport.written(out).size() >= EVENTS * 2 / 3);
            killed.kill();
            pid = killed.pid();
        }
        leasesLastAnHourMore();
        Node tooEarly = new Node("b");
        tooEarly.route(tooEarly.endpoint(DAY, DAY));
        assertThatThrownBy(tooEarly::start)
                .extracting(DatabaseTestSupport::root, as(THROWABLE))
                .isInstanceOf(StateInUseException.class)
                .hasMessageContaining("process " + pid);
        leasesRunOut();
        Node next = new Node("c");
        next.route(next.endpoint(DAY, DAY)).start().awaitFirstPoll();

        List<String> all = new ArrayList<>(ForkedExport.written(out));
        all.addAll(next.got);
        assertThat(all).contains(events);
        assertThat(all.size() - EVENTS)
                .as("what was acknowledged in the last second, and what was in flight")
                .isBetween(0, KillRounds.MOST_REPEATS_A_KILL);
        assertThat(mixpanel.queries()).as("the lost download costs one").hasSize(2);
    }

    private String url() throws SQLException {
        try (Connection connection = dataSource().getConnection()) {
            return connection.getMetaData().getURL() + "&user=postgres";
        }
    }
}
