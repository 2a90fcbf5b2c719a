package io.github.camelmixpanel.export.internal.pipeline.ack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-05"));

    private final InFlight inFlight =
            new InFlight(10, Sleeper.REAL, InstantSource.system(), () -> {});
    private final InFlight.Lines lines = inFlight.new Lines(DAY, 0);

    @Test
    void takesARouteForDownUntilItTakesAnotherEvent() throws Exception {
        emit(1).refuse(new IllegalStateException("no"));
        assertThat(inFlight.isRouteDown()).isTrue();

        emit(2).acknowledge();
        assertThat(inFlight.isRouteDown()).isFalse();
    }

    @Test
    void doesNotTakeANoticeForAnEventThatTheRouteTook() throws Exception {
        emit(1).refuse(new IllegalStateException("no"));

        InFlight.Lines notice = inFlight.new Lines(DAY, 0);
        notice.emitted(1, 1, List.of(), List.of(), () -> true).acknowledge();

        assertThat(inFlight.isRouteDown()).isTrue();
    }

    @Test
    void doesNotTakeForFailedWhatTheRouteHasOnceMore() throws Exception {
        emit(1).refuse(new IllegalStateException("no"));
        emit(2).acknowledge();
        EventSink.Acknowledgement again = emit(1);

        assertThat(lines.failures()).isEmpty();
        assertThat(lines.count(0)).isEmpty();

        again.refuse(new IllegalStateException("no"));
        assertThat(lines.failures()).hasSize(1);
        assertThat(lines.count(0)).hasSize(1);
    }

    private EventSink.Acknowledgement emit(long line) throws InterruptedException {
        ExportEvent event =
                new ExportEvent(
                        line, new byte[0], "a", null, "u", "i", ExportEvent.ReadTime.NONE, null);
        return lines.emitted(line, line, List.of(event), List.of(), () -> true);
    }
}
