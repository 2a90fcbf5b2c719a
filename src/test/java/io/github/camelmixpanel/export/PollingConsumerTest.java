package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** {@code pollEnrich} and {@code ConsumerTemplate} ask for what the endpoint says and no more. */
class PollingConsumerTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    @Test
    void takesNothingFromTheMessageThatItEnriches() throws Exception {
        mixpanel.addEvents(lines(DAY, 1));
        String uri = uri(DAY, DAY);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:enrich").pollEnrich(uri, 20_000);
                    }
                });
        context.start();
        try (MixpanelSimulator evil = MixpanelSimulator.builder().start()) {
            String host = evil.baseUrl();
            Exchange done =
                    context.createProducerTemplate()
                            .request(
                                    "direct:enrich",
                                    exchange -> exchange.getMessage().setHeaders(hostile(host)));

            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody(String.class)).isEqualTo(lines(DAY, 1)[0]);
            assertThat(evil.queries()).isEmpty();
        }
        assertOnlyWhatTheEndpointSays();
    }

    private static Map<String, Object> hostile(String host) {
        return new HashMap<>(
                Map.of(
                        Exchange.HTTP_URI,
                        host,
                        Exchange.HTTP_BASE_URI,
                        host,
                        Exchange.HTTP_PATH,
                        "/steal",
                        Exchange.HTTP_QUERY,
                        "project_id=8",
                        "Authorization",
                        "Basic ZXZpbDpldmls",
                        "Host",
                        "evil.example",
                        "CamelMixpanelExportBaseUrl",
                        host,
                        "CamelMixpanelExportProjectId",
                        "8",
                        MixpanelExportConstants.FROM_DATE,
                        "2026-10-01",
                        MixpanelExportConstants.OPERATION,
                        "EXPORT"));
    }

    @Test
    void givesATemplateWhatTheEndpointSays() throws Exception {
        mixpanel.addEvents(lines(DAY, 1));
        context.start();
        try (ConsumerTemplate template = context.createConsumerTemplate()) {
            Exchange event = template.receive(uri(DAY, DAY), 20_000);

            assertThat(event.getMessage().getBody(String.class)).isEqualTo(lines(DAY, 1)[0]);
            template.doneUoW(event);
        }
        assertOnlyWhatTheEndpointSays();
    }

    private void assertOnlyWhatTheEndpointSays() {
        Query query = mixpanel.queries().get(0);
        assertThat(query.parameters())
                .isEqualTo(Map.of("from_date", DAY, "to_date", DAY, "project_id", "7"));
        assertThat(query.headers())
                .containsEntry("authorization", "Basic accepted")
                .containsEntry("host", mixpanel.baseUrl().substring("http://".length()));
    }
}
