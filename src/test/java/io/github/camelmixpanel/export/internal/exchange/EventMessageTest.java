package io.github.camelmixpanel.export.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultPooledExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventMessageTest {

    private static final DedupeKey KEY = new DedupeKey(1, 2, 0);
    private static final String KEY_TEXT = "00000000000000010000000000000002";
    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-05"));
    private static final ExportEvent WHOLE =
            new ParsedEvent(
                    7,
                    new byte[0],
                    "view",
                    null,
                    "u1",
                    "i1",
                    new ExportEvent.ReadTime(Instant.ofEpochMilli(1_500), 1L),
                    null);
    private static final ExportEvent BARE =
            new ParsedEvent(
                    8, new byte[0], "view", null, null, null, ExportEvent.ReadTime.NONE, null);

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.start(); // its map of headers is there then
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void hasWhatTheEventHas() {
        assertThat(message(WHOLE, KEY).getHeaders())
                .containsOnly(
                        entry("CamelMixpanelExportEventName", "view"),
                        entry("CamelMixpanelExportDistinctId", "u1"),
                        entry("CamelMixpanelExportInsertId", "i1"),
                        entry("CamelMixpanelExportTime", new Date(1_500)),
                        entry("CamelMessageTimestamp", 1_500L),
                        entry("CamelMixpanelExportDay", "2026-10-05"),
                        entry("CamelMixpanelExportFromDate", "2026-10-05"),
                        entry("CamelMixpanelExportToDate", "2026-10-05"),
                        entry("CamelMixpanelExportGeneration", 2),
                        entry("CamelMixpanelExportLine", 7L),
                        entry("CamelMixpanelExportDedupeKey", KEY_TEXT));
    }

    @Test
    void hasNoHeaderForWhatTheEventLacks() {
        message(WHOLE, KEY);

        assertThat(message(BARE, null).getHeaders())
                .containsOnlyKeys(
                        "CamelMixpanelExportEventName",
                        "CamelMixpanelExportDay",
                        "CamelMixpanelExportFromDate",
                        "CamelMixpanelExportToDate",
                        "CamelMixpanelExportGeneration",
                        "CamelMixpanelExportLine");
    }

    @Test
    void aRouteMayChangeThemWithoutHarmToTheNext() {
        Message first = message(WHOLE, KEY);
        first.removeHeaders("CamelMixpanel*");
        first.setHeader("mine", 1);

        assertThat(message(WHOLE, KEY).getHeaders()).hasSize(11).doesNotContainKey("mine");
        assertThat(first.getHeaders()).containsOnlyKeys("mine", "CamelMessageTimestamp");
        assertThat(first.getHeader("MINE")).as("as all of Camel's").isEqualTo(1);
    }

    @Test
    void aHeaderAskedForByItsNameIsTheOneInTheMap() {
        for (Map.Entry<String, Object> header : message(WHOLE, KEY).getHeaders().entrySet()) {
            String name = header.getKey();
            Class<?> type = header.getValue().getClass();
            assertThat(message(WHOLE, KEY).getHeader(name)).as(name).isEqualTo(header.getValue());
            assertThat((Object) message(WHOLE, KEY).getHeader(name, type))
                    .as(name)
                    .isEqualTo(header.getValue());
            assertThat(message(WHOLE, KEY).getHeader(name.toLowerCase(Locale.ROOT)))
                    .as("in letters of another case")
                    .isEqualTo(header.getValue());
            assertThat(message(WHOLE, KEY).getHeader(name, "other", type)).isNotEqualTo("other");
            assertThat(message(WHOLE, KEY).getHeader(name, String.class))
                    .as("converted")
                    .isEqualTo(camel.getTypeConverter().convertTo(String.class, header.getValue()));
        }
        assertThat(message(WHOLE, KEY).getHeader("other")).isNull();
        assertThat(message(WHOLE, KEY).getHeader("other", "none")).isEqualTo("none");
        assertThat(message(BARE, null).getHeader("CamelMixpanelExportTime")).isNull();
        assertThat(message(BARE, null).getHeader("CamelMixpanelExportTime", Date.class)).isNull();
        assertThat(message(WHOLE, KEY).getHeader("CamelMixpanelExportWindowComplete")).isNull();
        assertThat(
                        message(WHOLE, KEY)
                                .getHeader("CamelMixpanelExportWindowComplete", boolean.class))
                .isFalse();
    }

    @Test
    void aHeaderThatTheRouteSetOrRemovedIsWhatTheRouteSees() {
        Message message = message(WHOLE, KEY);
        message.setHeader("CamelMixpanelExportEventName", "mine");
        message.removeHeader("CamelMixpanelExportInsertId");

        assertThat(message.getHeader("CamelMixpanelExportEventName")).isEqualTo("mine");
        assertThat(message.getHeader("CamelMixpanelExportInsertId")).isNull();
        assertThat(message.getHeader("CamelMixpanelExportInsertId", String.class)).isNull();
        assertThat(message.getHeader("CamelMixpanelExportDistinctId")).isEqualTo("u1");
    }

    @Test
    void aCopyHasBodyAndHeaders() {
        Message message = message(WHOLE, KEY);

        Message copy = message.copy();

        assertThat(message.hasHeaders()).isTrue();
        assertThat(copy.getHeaders()).isEqualTo(message.getHeaders()).hasSize(11);
        assertThat(copy.getBody()).isSameAs(message.getBody());
    }

    /** Camel uses such an exchange again, and the message in it. */
    @Test
    void keepsNothingInAPooledExchange() {
        DefaultPooledExchange exchange = new DefaultPooledExchange(camel);
        exchange.setIn(message(WHOLE, KEY));

        exchange.done();

        assertThat(exchange.getIn()).isInstanceOf(EventMessage.class);
        assertThat(exchange.getIn().getHeader("CamelMixpanelExportLine")).isNull();
        assertThat(exchange.getIn().getHeaders()).isEmpty();
        assertThat(exchange.getIn().getBody()).isNull();
    }

    private Message message(ExportEvent event, DedupeKey key) {
        List<DedupeKey> keys = key == null ? List.of() : List.of(key);
        return new EventMessage(camel, batch(event, keys));
    }

    private static EventBatch batch(ExportEvent event, List<DedupeKey> keys) {
        InFlight inFlight = new InFlight(1, Sleeper.REAL, InstantSource.system(), () -> {});
        try {
            return new WindowAcks(inFlight, DAY, 2, 1, 0, List.of())
                    .take(1, 1, List.of(event), keys, () -> true);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
