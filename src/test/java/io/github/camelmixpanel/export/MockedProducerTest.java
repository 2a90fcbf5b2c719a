package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.InvalidOptionException;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

/** A producer that a test has put a mock in front of needs no account. */
class MockedProducerTest extends ExportTestSupport {

    private static final String WITHOUT_ACCOUNT = "mixpanel-export:shop?fromDate=2026-10-05";

    private void route(String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:ask").routeId("ask").to(uri);
                    }
                });
    }

    private void passesOneMessageToTheMock() throws Exception {
        MockEndpoint mock = context.getEndpoint("mock:mixpanel-export:shop", MockEndpoint.class);
        mock.expectedBodiesReceived("now");
        context.createProducerTemplate().sendBody("direct:ask", "now");
        mock.assertIsSatisfied();
    }

    @Test
    void startsWithMockEndpointsAndSkip() throws Exception {
        context.getCamelContextExtension()
                .registerEndpointCallback(
                        new InterceptSendToMockEndpointStrategy("mixpanel-export:*", true));
        route(WITHOUT_ACCOUNT);
        context.start();

        passesOneMessageToTheMock();
    }

    @Test
    void startsWithAdviceThatMocksAndSkips() throws Exception {
        route(WITHOUT_ACCOUNT);
        AdviceWith.adviceWith(
                context, "ask", route -> route.mockEndpointsAndSkip("mixpanel-export:*"));
        context.start();

        passesOneMessageToTheMock();
    }

    @Test
    void exportsForAMessageThatAnInterceptorDoesNotSkip() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3));
        String uri = uri("2026-10-05", "2026-10-05");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        interceptSendToEndpoint("mixpanel-export:*")
                                .onWhen(body().isEqualTo("skip"))
                                .skipSendToOriginalEndpoint()
                                .to("mock:skipped");
                        from("direct:ask").to(uri);
                    }
                });
        context.start();
        Object skipped = context.createProducerTemplate().requestBody("direct:ask", "skip");
        Object exported = context.createProducerTemplate().requestBody("direct:ask", (Object) null);

        assertThat(skipped).isEqualTo("skip");
        assertThat(exported).hasToString("Events of window 2026-10-05");
    }

    @Test
    void refusesToStartWithoutAccountWhereAMockLetsMessagesPass() throws Exception {
        context.getCamelContextExtension()
                .registerEndpointCallback(
                        new InterceptSendToMockEndpointStrategy("mixpanel-export:*", false));
        route(WITHOUT_ACCOUNT);

        assertThatThrownBy(() -> context.start())
                .hasRootCauseInstanceOf(InvalidOptionException.class);
    }
}
