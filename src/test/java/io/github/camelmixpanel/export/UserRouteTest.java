package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.SimulatorExtension;
import java.nio.file.Path;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A user's own route under test, with nothing but Camel's test support and the simulator. */
class UserRouteTest extends CamelTestSupport {

    @RegisterExtension
    static final SimulatorExtension MIXPANEL =
            SimulatorExtension.builder()
                    .events(
                            "{\"event\":\"checkout\",\"properties\":{\"time\":1791158400,\"amount\":12.50}}",
                            "{\"event\":\"page view\",\"properties\":{\"time\":1791158401}}")
                    .build();

    @TempDir Path state;

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("mixpanel-export:sales?accessToken=any&fromDate=2026-10-05&toDate=2026-10-05&initialDelay=0"
                                + "&baseUrl="
                                + MIXPANEL.baseUrl()
                                + "&stateDirectory="
                                + state)
                        .filter(simple("${header.CamelMixpanelExportEventName} == 'checkout'"))
                        .setBody(simple("${body.properties[amount]}"))
                        .to("mock:amounts");
            }
        };
    }

    @Test
    void sumsUpTheSales() throws Exception {
        MockEndpoint amounts = getMockEndpoint("mock:amounts");
        amounts.expectedBodiesReceived(new java.math.BigDecimal("12.50"));

        amounts.assertIsSatisfied();
    }
}
