package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.failure.RefusedCredentialsException;
import io.github.camelmixpanel.export.simulator.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code bridgeErrorHandler}, the route's error handler hears of what is no event. */
class BridgedErrorsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private final List<Throwable> bridged = new CopyOnWriteArrayList<>();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();

    private void route(boolean handled, String... options) throws Exception {
        String uri = uri(DAY, DAY, options);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(Exception.class).handled(handled).process(this::remember);
                        from(uri + "&bridgeErrorHandler=true")
                                .routeId("export")
                                .process(e -> received.add(Received.of(e)));
                    }

                    private void remember(Exchange exchange) {
                        bridged.add(
                                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
                        exchanges.add(exchange);
                    }
                });
        context.start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areLinesThatAreNoEvents(boolean handled) throws Exception {
        String[] lines = lines(DAY, 300);
        lines[99] = "99 Luftballons";
        lines[199] = "{\"event\":\"x\"}";
        mixpanel.answer(
                Answer.body((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
        route(handled, "repeatCount=1", "windowComplete=true", "maxInFlight=1");
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bridged)
                .hasSize(2)
                .allSatisfy(it -> assertThat(it).isInstanceOf(MalformedEventException.class));
        assertThat(exchanges.get(0).getMessage().getHeaders())
                .as("headers of an event")
                .doesNotContainKeys(
                        MixpanelExportConstants.LINE, MixpanelExportConstants.FROM_DATE);
        assertThat(received).as("events, and the notice").hasSize(299);
        assertThat(received.get(298).body()).contains("emitted=298", "parked=0");
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void areRefusedCredentialsOnce() throws Exception {
        route(true, "serviceAccountSecret=wrong");
        await().until(() -> consumer().getCounter() > 3);

        assertThat(bridged)
                .singleElement()
                .isInstanceOf(RefusedCredentialsException.class)
                .asString()
                .contains("Mixpanel answered 401");
        assertThat(received).isEmpty();
    }

    @Test
    void areWindowsThatHaveUsedUpTheirRetries() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        mixpanel.answer(Answer.status(500, "text/plain", "no", Map.of()));
        route(false, "maxRetries=0", "repeatCount=1");
        await().until(() -> consumer().isFirstPollDone());

        assertThat(bridged).singleElement().asString().contains("Window " + DAY, "500");
        assertThat(received).isEmpty();
    }
}
