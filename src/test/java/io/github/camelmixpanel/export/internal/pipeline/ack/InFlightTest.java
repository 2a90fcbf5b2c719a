package io.github.camelmixpanel.export.internal.pipeline.ack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.route.Acknowledgement;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InFlightTest {

    private static final int EXCHANGES = 20_000;
    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-05"));

    private final InFlight inFlight =
            new InFlight(10, Sleeper.REAL, InstantSource.system(), () -> {});
    private final WindowAcks acks = new WindowAcks(inFlight, DAY, 1);

    @Test
    void takesARouteForDownUntilItTakesAnotherEvent() throws Exception {
        emit(1).fail(new IllegalStateException("no"));
        assertThat(inFlight.isRouteDown()).isTrue();

        emit(2).acknowledge();
        assertThat(inFlight.isRouteDown()).isFalse();
    }

    @Test
    void doesNotTakeANoticeForAnEventThatTheRouteTook() throws Exception {
        emit(1).fail(new IllegalStateException("no"));

        WindowAcks notice = new WindowAcks(inFlight, DAY, 1);
        notice.take(1, 1, List.of(), List.of(), () -> true).acknowledge();

        assertThat(inFlight.isRouteDown()).isTrue();
    }

    @Test
    void doesNotTakeForFailedWhatTheRouteHasOnceMore() throws Exception {
        emit(1).fail(new IllegalStateException("no"));
        emit(2).acknowledge();
        Acknowledgement again = emit(1);

        assertThat(acks.failures()).isEmpty();
        assertThat(poison()).isEmpty();

        again.fail(new IllegalStateException("no"));
        assertThat(acks.failures()).hasSize(1);
        assertThat(poison()).hasSize(1);
    }

    @Test
    void namesAStuckEventInOneLine() {
        ExportEvent event =
                new ParsedEvent(
                        7,
                        new byte[0],
                        "x\n2026-11-29 15:00:00 INFO export - shop: window committed"
                                + "y".repeat(300),
                        null,
                        "u",
                        "\u001b[31mid",
                        ExportEvent.ReadTime.NONE,
                        null);

        assertThat(new InFlight.Stuck(DAY, List.of(event), Instant.EPOCH).toString())
                .startsWith("window 2026-10-05, line 7: the route holds event \"x?2026-")
                .contains("…\" ($insert_id ?[31mid) since ")
                .hasSizeLessThan(250);
    }

    /**
     * Whatever the moment at which the route answers: nothing but its answer ends a wait, so that a
     * missed one would last for ever.
     */
    @Test
    @Timeout(60)
    void wakesTheThreadThatWaitsWithEachAnswerThatItWaitsFor() throws Exception {
        InFlight one =
                new InFlight(
                        1, (monitor, atMost) -> monitor.wait(), InstantSource.system(), () -> {});
        WindowAcks window = new WindowAcks(one, DAY, 1);
        BlockingQueue<Acknowledgement> taken = new LinkedBlockingQueue<>();
        Thread route =
                new Thread(
                        () -> {
                            try {
                                for (int i = 0; i < EXCHANGES; i++) {
                                    taken.take().acknowledge();
                                }
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        route.start();
        for (int line = 1; line <= EXCHANGES; line++) {
            taken.add(window.take(line, line, List.of(), List.of(), () -> true));
            if (line % 3 == 0) {
                window.drain(() -> true);
            }
        }
        window.drain(() -> true);
        route.join();

        assertThat(window.lowWatermark()).isEqualTo(EXCHANGES);
    }

    private List<FailedExchange> poison() {
        return acks.passOver(new RouteHealth.Passes(), false, false, 0, 0);
    }

    private Acknowledgement emit(long line) throws InterruptedException {
        ExportEvent event =
                new ParsedEvent(
                        line, new byte[0], "a", null, "u", "i", ExportEvent.ReadTime.NONE, null);
        return acks.take(line, line, List.of(event), List.of(), () -> true);
    }
}
