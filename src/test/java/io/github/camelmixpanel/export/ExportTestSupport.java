package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A simulated Mixpanel, a CamelContext and a state directory for each test. */
abstract class ExportTestSupport {

    static final Path EVENTS = Path.of("src/test/resources/events");

    @TempDir Path temp;

    MixpanelSimulator mixpanel;
    CamelContext context;

    /** What the route has received, in order. */
    final List<Received> received = Collections.synchronizedList(new ArrayList<>());

    /** One exchange, as it looked while it was in the route. */
    record Received(String body, Map<String, Object> headers) {

        static Received of(Exchange exchange) {
            return new Received(
                    exchange.getMessage().getBody(String.class),
                    new TreeMap<>(exchange.getMessage().getHeaders()));
        }

        Object header(String name) {
            return headers.get(name);
        }
    }

    @BeforeEach
    void startMixpanel() throws Exception {
        mixpanel = simulator().start();
        context = newContext();
    }

    /** Limits wide enough that tests need not wait for them; tests of the limits have their own. */
    MixpanelSimulator.Builder simulator() {
        return MixpanelSimulator.builder()
                .serviceAccount("account", "s3cr&t+%", "7")
                .limits(60, 100, 100);
    }

    /**
     * At the beginning of a test that relies on an order of lines, which Mixpanel never promised.
     */
    void inOrder() {
        mixpanel.close();
        mixpanel = simulator().inOrder().start();
    }

    CamelContext newContext() throws Exception {
        DefaultCamelContext fresh = new DefaultCamelContext();
        fresh.getShutdownStrategy().setTimeout(10);
        return fresh;
    }

    @AfterEach
    void stopAll() throws IOException {
        context.stop();
        await().until(() -> bytesInMemory() == 0);
        mixpanel.close();
    }

    /** Of verified bodies, by all exports of the CamelContext. */
    long bytesInMemory() {
        ExportRegistry exports =
                context.getCamelContextExtension().getContextPlugin(ExportRegistry.class);
        return exports == null ? 0 : exports.bytesInMemory();
    }

    Path state() {
        return temp.resolve("state");
    }

    /** The endpoint under test: one export of the days given, at once, with fast retries. */
    String uri(String fromDate, String toDate, String... options) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("serviceAccount", "account");
        all.put("projectId", "7");
        all.put("serviceAccountSecret", "RAW(s3cr&t+%)");
        all.put("baseUrl", mixpanel.baseUrl());
        all.put("stateDirectory", state().toString());
        all.put("fromDate", fromDate);
        all.put("toDate", toDate);
        all.put("queriesPerSecond", "100");
        all.put("retryDelay", "10");
        all.put("initialDelay", "0");
        all.put("delay", "50");
        all.put("lateEvents", "NONE");
        all.put("windowDays", "1");
        for (String option : options) {
            all.put(
                    option.substring(0, option.indexOf('=')),
                    option.substring(option.indexOf('=') + 1));
        }
        StringBuilder uri = new StringBuilder("mixpanel-export:test");
        all.forEach(
                (name, value) ->
                        uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                                .append(name)
                                .append('=')
                                .append(value));
        return uri.toString();
    }

    /** Adds a route that only remembers what it gets. */
    void collect(String uri) throws Exception {
        handle(uri, e -> received.add(Received.of(e)));
    }

    /** Adds a route that does this with each exchange. */
    void handle(String uri, Processor each) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).routeId("export").process(each);
                    }
                });
    }

    MixpanelExportConsumer consumer() {
        return (MixpanelExportConsumer) context.getRoute("export").getConsumer();
    }

    /** What the export under test has on disk of itself. */
    Path exportFolder() {
        return state().resolve("exports/test");
    }

    String ledger() throws IOException {
        return Files.readString(exportFolder().resolve("ledger.jsonl"));
    }

    HealthCheck.Result health() {
        return consumer().getHealthCheck().call();
    }

    /** The name of the MBean of the only consumer. */
    ObjectName mbean() throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(
                        new ObjectName(
                                "org.apache.camel:context="
                                        + context.getManagementName()
                                        + ",type=consumers,name=MixpanelExport*"),
                        null)
                .iterator()
                .next();
    }

    /** Ends the CamelContext and gives a new one, as a restart of the application would. */
    void restart() throws Exception {
        context.stop();
        await().until(() -> bytesInMemory() == 0);
        context = newContext();
    }

    static Patiently await() {
        return Patiently.await();
    }

    List<String> bodies() {
        synchronized (received) {
            return received.stream().map(Received::body).toList();
        }
    }

    static void assertIsItsOwnersAlone(Path folder) throws IOException {
        assertThat(permissions(folder))
                .as("every file and folder")
                .hasSizeGreaterThan(8)
                .allMatch(each -> each.endsWith(" rw-------") || each.endsWith(" rwx------"));
    }

    /** Each file and folder below, and who may do what with it. */
    private static List<String> permissions(Path folder) throws IOException {
        List<String> permissions = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                permissions.add(
                        each
                                + " "
                                + PosixFilePermissions.toString(
                                        Files.getPosixFilePermissions(each)));
            }
        }
        return permissions;
    }

    /** Changes one bit near the end of a file: its length stays. */
    static void changeTheEnd(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long place = file.length() - 1000;
            file.seek(place);
            int found = file.read();
            file.seek(place);
            file.write(found ^ 1);
        }
    }

    /** Event lines of one day, numbered so that each is another. */
    static String[] lines(String day, int count) {
        long start = java.time.LocalDate.parse(day).toEpochDay() * 86_400;
        String[] lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] =
                    "{\"event\":\"view\",\"properties\":{\"time\":"
                            + (start + i % 86_400)
                            + ",\"distinct_id\":\"u"
                            + i % 10
                            + "\",\"$insert_id\":\""
                            + day
                            + "-"
                            + i
                            + "\",\"n\":"
                            + i
                            + "}}";
        }
        return lines;
    }
}
