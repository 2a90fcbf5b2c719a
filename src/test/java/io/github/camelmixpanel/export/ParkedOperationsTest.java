package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.MBeanServer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** What is parked, resumed and dropped by messages and by JMX. */
class ParkedOperationsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private final AtomicBoolean mended = new AtomicBoolean();

    private void start() throws Exception {
        mixpanel.addEvents(lines(DAY, 400));
        String consumer = uri(DAY, DAY, "onFailure=PARK", "maxRedeliveries=1");
        again();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(consumer).routeId("export").process(this::take);
                    }

                    private void take(Exchange exchange) {
                        if (exchange.getMessage().getBody(String.class).contains("\"n\":7}")
                                && !mended.get()) {
                            throw new IllegalStateException("poison");
                        }
                        received.add(Received.of(exchange));
                    }
                });
        context.start();
        await().until(() -> consumer().export().parked().size() == 1 && received.size() == 399);
    }

    private void again() throws Exception {
        String producer = uri("", "").replace("fromDate=&toDate=&", "");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again").to(producer);
                    }
                });
    }

    private Exchange ask(String operation) {
        return context.createProducerTemplate()
                .send(
                        "direct:again",
                        e -> {
                            e.getMessage().setHeader(MixpanelExportConstants.OPERATION, operation);
                            e.getMessage().setHeader(MixpanelExportConstants.FROM_DATE, DAY);
                            e.getMessage().setHeader(MixpanelExportConstants.TO_DATE, DAY);
                        });
    }

    private Object jmx(String operation) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        return server.invoke(
                mbean(),
                operation,
                new Object[] {DAY, DAY},
                new String[] {"java.lang.String", "java.lang.String"});
    }

    @Test
    void resumeHandsParkedEventsToTheRouteOnceMore() throws Exception {
        start();
        mended.set(true);

        Exchange asked = ask("RESUME");

        assertThat(asked.getException()).isNull();
        assertThat(asked.getMessage().getBody()).isEqualTo(List.of(DAY));
        await().until(() -> received.size() == 400);
        await().until(() -> consumer().export().parked().isEmpty());
        assertThat(consumer().snapshot().orElseThrow().counts().toRoute().acknowledged())
                .isEqualTo(400);
        assertThat(ask("RESUME").getMessage().getBody()).as("nothing is left").isEqualTo(List.of());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void dropGivesParkedEventsUp() throws Exception {
        start();

        assertThat(ask("drop").getMessage().getBody()).isEqualTo(List.of(DAY));

        await().until(() -> consumer().export().parked().isEmpty());
        assertThat(received).hasSize(399);
    }

    @Test
    void bothAreOperationsOfTheConsumersMBean() throws Exception {
        start();

        mended.set(true);

        assertThat(jmx("resumeParked")).isEqualTo(List.of(DAY));

        await().until(() -> consumer().export().parked().isEmpty());
        assertThat(received).hasSize(400);
        assertThat(jmx("dropParked")).isEqualTo(List.of());
    }

    @Test
    void needsTheConsumerToRun() throws Exception {
        again();
        context.start();

        assertThat(ask("RESUME").getException())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "mixpanel-export:test does not run in this CamelContext: start its route, then RESUME"
                                + " or DROP its parked events");
    }
}
