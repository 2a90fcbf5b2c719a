package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.observe.MixpanelExportStatusPage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.main.MainHttpServer;

/**
 * Somebody who looks at an export all the time: at all JMX attributes of its consumer and all
 * meters, from inside as an agent does, and at the status page, from a process of its own, whose
 * time is nobody's, as a browser's would be.
 */
final class Watching implements AutoCloseable {

    static final int EVERY_MILLIS = 200;

    private final CamelContext context;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger pages = new AtomicInteger();
    private volatile int looks;
    private int page;
    private Process pageLooker;

    Watching(CamelContext context) {
        this.context = context;
    }

    /** Serves the status page, as {@code routes/export-with-page.yaml} does. */
    void serve() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            page = free.getLocalPort();
        }
        MainHttpServer server = new MainHttpServer();
        server.setCamelContext(context);
        server.setHost("127.0.0.1");
        server.setPort(page);
        context.addService(server);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/mixpanel-export?matchOnUriPrefix=true")
                                .bean(MixpanelExportStatusPage.class, "serve(*, false)")
                                .process(e -> pages.incrementAndGet());
                    }
                });
    }

    void bindMeters() {
        context.getRegistry().bind("metricsRegistry", meters);
    }

    void look() throws IOException {
        String command =
                String.format(
                        Locale.ROOT,
                        "while sleep %.1f; do curl -s http://127.0.0.1:%d/mixpanel-export/status.json;"
                                + " done",
                        EVERY_MILLIS / 1000.0,
                        page);
        pageLooker =
                new ProcessBuilder("bash", "-c", command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        looking.scheduleAtFixedRate(
                this::lookOnce, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookOnce() {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            int attributes = 0;
            for (ObjectName name :
                    beans.queryNames(new ObjectName("org.apache.camel:type=consumers,*"), null)) {
                for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                    beans.getAttribute(name, attribute.getName());
                    attributes++;
                }
            }
            int[] measured = {0};
            meters.getMeters().forEach(meter -> meter.measure().forEach(it -> measured[0]++));
            if (attributes < 30 || measured[0] < 10) {
                throw new IllegalStateException(
                        attributes + " attributes, " + measured[0] + " meters");
            }
            looks++;
        } catch (Exception e) {
            if (looking.isShutdown()) {
                return; // the export is over
            }
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** A look that is under way may fail now: what it looks at goes. */
    @Override
    public void close() {
        looking.shutdown();
        if (pageLooker != null) {
            pageLooker.destroy();
        }
        if (looks > 0) {
            System.err.println("looked " + looks + " times, at the page " + pages + " times");
            if (pages.get() == 0) {
                throw new IllegalStateException("nobody has looked at the status page");
            }
        }
    }
}
