package io.github.camelmixpanel.export.demo;

import io.github.camelmixpanel.export.MixpanelExportComponent;
import io.github.camelmixpanel.export.simulator.SimulatorExtension;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How to test a route of your own: the README shows the lines that matter. */
class OwnRouteTest extends CamelTestSupport {

    private static final String EVENT =
            "{\"event\":\"checkout\",\"properties\":{\"time\":1791177480,\"amount\":120}}";

    @RegisterExtension
    static final SimulatorExtension MIXPANEL = SimulatorExtension.builder().events(EVENT).build();

    @TempDir static Path folder;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        MixpanelExportComponent component =
                context.getComponent("mixpanel-export", MixpanelExportComponent.class);
        component.getConfiguration().setBaseUrl(MIXPANEL.baseUrl());
        component.getConfiguration().setProjectId("1");
        component.getConfiguration().setAccessToken("any");
        component.getConfiguration().setStateDirectory(folder.toString());
        return context;
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("mixpanel-export:checkouts?fromDate=2026-10-05&toDate=2026-10-05")
                        .filter(simple("${body.properties[amount]} > 100"))
                        .to("mock:result");
            }
        };
    }

    @Test
    void bigCheckoutsArrive() throws InterruptedException {
        MockEndpoint result = getMockEndpoint("mock:result");
        result.expectedBodiesReceived(EVENT);

        MockEndpoint.assertIsSatisfied(context);
    }
}
