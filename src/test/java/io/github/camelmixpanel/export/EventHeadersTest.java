package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.pipeline.Handout;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventHeadersTest {

    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-05"));
    private static final ExportEvent WHOLE =
            new ExportEvent(
                    7,
                    new byte[0],
                    "view",
                    null,
                    "u1",
                    "i1",
                    Instant.ofEpochMilli(1_500),
                    1L,
                    null);
    private static final ExportEvent BARE =
            new ExportEvent(8, new byte[0], "view", null, null, null, null, null, null);

    private final EventHeaders headers = new EventHeaders();
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
        assertThat(filled(WHOLE, "k").getHeaders())
                .containsOnly(
                        entry("CamelMixpanelExportEventName", "view"),
                        entry("CamelMixpanelExportDistinctId", "u1"),
                        entry("CamelMixpanelExportInsertId", "i1"),
                        entry("CamelMixpanelExportTime", new Date(1_500)),
                        entry("CamelMessageTimestamp", 1_500L),
                        entry("CamelMixpanelExportFromDate", "2026-10-05"),
                        entry("CamelMixpanelExportToDate", "2026-10-05"),
                        entry("CamelMixpanelExportGeneration", 2),
                        entry("CamelMixpanelExportLine", 7L),
                        entry("CamelMixpanelExportDedupeKey", "k"));
    }

    @Test
    void hasNoHeaderForWhatTheEventLacks() {
        filled(WHOLE, "k");

        assertThat(filled(BARE, null).getHeaders())
                .containsOnlyKeys(
                        "CamelMixpanelExportEventName",
                        "CamelMixpanelExportFromDate",
                        "CamelMixpanelExportToDate",
                        "CamelMixpanelExportGeneration",
                        "CamelMixpanelExportLine");
    }

    @Test
    void aRouteMayChangeThemWithoutHarmToTheNext() {
        Message first = filled(WHOLE, "k");
        first.removeHeaders("CamelMixpanel*");
        first.setHeader("mine", 1);

        assertThat(filled(WHOLE, "k").getHeaders()).hasSize(10).doesNotContainKey("mine");
        assertThat(first.getHeaders()).containsOnlyKeys("mine", "CamelMessageTimestamp");
        assertThat(first.getHeader("MINE")).as("as all of Camel's").isEqualTo(1);
    }

    private Message filled(ExportEvent event, String key) {
        Message message = new DefaultMessage(camel);
        headers.fill(message, new Handout(DAY, 2, List.of(event), List.of(), 0, 1), key);
        return message;
    }
}
