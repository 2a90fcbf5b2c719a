import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Exports one day to a route that only counts, and says what that took. */
public class Drive {

    private static final String EXPORT =
            "mixpanel-export:bench?baseUrl=http://127.0.0.1:%s&projectId=1"
                    + "&serviceAccount=bench&serviceAccountSecret=bench"
                    + "&fromDate=2026-10-05&toDate=2026-10-05&lateEvents=NONE"
                    + "&initialDelay=0&windowComplete=true&stateDirectory=%s&deduplicate=%s";

    public static void main(String[] args) throws Exception {
        AtomicLong events = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.disableJMX();
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(String.format(EXPORT, args[0], args[1], args[2]))
                                    .choice()
                                    .when(header("CamelMixpanelExportWindowComplete").isNotNull())
                                    .process(exchange -> done.countDown())
                                    .otherwise()
                                    .process(exchange -> events.incrementAndGet());
                        }
                    });
            context.start();
            done.await();
        }
        double cpu =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
        System.out.println("result " + events + " " + cpu + " " + peakMegabytes());
    }

    private static long peakMegabytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
