package io.github.camelmixpanel.export.internal.pipeline.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);

    private final Heartbeat heartbeat = new Heartbeat(NOON);

    @Test
    void tellsWhatHasComeAndHowFast() {
        List<WindowStatus> windows =
                List.of(
                        window("2026-10-05", WindowState.FETCHING, true, 312_400_000, 0, 0),
                        window("2026-10-06", WindowState.FETCHING, true, 999, 0, 0));

        assertThat(heartbeat.text(LATER, windows, 312_400_999, null))
                .isEqualTo(
                        "downloading 2026-10-05 (312.4 MB so far), 2026-10-06 (999 bytes so far),"
                                + " 5.2 MB/s");
        assertThat(heartbeat.text(LATER.plusSeconds(60), windows, 312_401_119, null))
                .endsWith(", 2 bytes/s");
    }

    @Test
    void tellsWhatTheRouteHasDoneAndWhatQueriesWaitFor() {
        List<WindowStatus> windows =
                List.of(
                        window("2026-10-05", WindowState.EMITTING, false, 10, 4_000, 1_200),
                        window("2026-10-06", WindowState.FETCHING, false, 0, 0, 0),
                        window("2026-10-07", WindowState.RETRY_WAIT, false, 0, 0, 0));

        assertThat(
                        heartbeat.text(
                                LATER,
                                windows,
                                10,
                                new Heartbeat.Wait(NOON.plusSeconds(3_600), "60 of 60 used")))
                .isEqualTo(
                        "emitting 2026-10-05, 1,200 of 4,000 lines are done; waits until %s: 60 of 60"
                                        .formatted(local(NOON.plusSeconds(3_600)))
                                + " used; the next failed window is queried again at "
                                + local(NOON.plusSeconds(600)));
        assertThat(heartbeat.text(LATER, windows, 10, new Heartbeat.Wait(NOON, "a probe")))
                .contains("; waits: a probe; ");
    }

    private static String local(Instant instant) {
        return DateTimeFormatter.ofPattern("HH:mm:ss")
                .format(instant.atZone(ZoneId.systemDefault()));
    }

    private static WindowStatus window(
            String day, WindowState state, boolean querying, long bytes, long lines, long done) {
        return new WindowStatus(
                Window.ofDay(LocalDate.parse(day)),
                "backfill",
                state,
                1,
                new WindowStatus.Download(querying, 1, bytes, lines),
                done,
                state == WindowState.RETRY_WAIT
                        ? Optional.of(NOON.plusSeconds(600))
                        : Optional.empty(),
                Optional.empty());
    }
}
