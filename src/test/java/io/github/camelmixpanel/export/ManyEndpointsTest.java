package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** 200 exports in one CamelContext, by two instances of the component. */
class ManyEndpointsTest extends ExportTestSupport {

    private static final int ENDPOINTS = 200;

    private int contexts;

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        Path state = temp.resolve("state" + contexts++);
        for (String name : new String[] {"mixpanel-export", "second"}) {
            MixpanelExportComponent component = new MixpanelExportComponent();
            MixpanelExportConfiguration all = component.getConfiguration();
            all.setServiceAccount("account");
            all.setProjectId("7");
            all.setServiceAccountSecret("s3cr&t+%");
            all.setBaseUrl(mixpanel.baseUrl());
            all.setStateDirectory(state.toString());
            fresh.addComponent(name, component);
        }
        return fresh;
    }

    private static String export(int number) {
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        return "%s:e%d?fromDate=%s&toDate=%s&lateEvents=NONE&initialDelay=0&delay=1h"
                .formatted(number % 2 == 0 ? "mixpanel-export" : "second", number, today, today);
    }

    private String folder(int number) {
        return "file:%s/in%d?initialDelay=0&delay=1h".formatted(temp, number);
    }

    private static void addRoutes(CamelContext to, IntFunction<String> uri) throws Exception {
        to.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        for (int i = 0; i < ENDPOINTS; i++) {
                            from(uri.apply(i)).routeId("r" + i).to("log:events");
                        }
                    }
                });
    }

    private boolean hasPolled(int number) {
        return ((MixpanelExportConsumer) context.getRoute("r" + number).getConsumer())
                .isFirstPollDone();
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    @Test
    void startPollAndKeepOneThreadEachAndFewShared() throws Exception {
        Set<Thread> before = threads();
        addRoutes(context, ManyEndpointsTest::export);
        context.start();
        Patiently.await().until(() -> IntStream.range(0, ENDPOINTS).allMatch(this::hasPolled));

        Patiently.await()
                .untilAsserted(
                        () -> {
                            Set<Thread> now = threads();
                            now.removeAll(before);
                            assertThat(now).hasSizeLessThanOrEqualTo(ENDPOINTS + 10);
                        });
        assertThat(mixpanel.queries()).isEmpty();
    }

    @Test
    void startInLessThanThreeTimesTheTimeOfCamelFile() throws Exception {
        long file = Long.MAX_VALUE;
        long export = Long.MAX_VALUE;
        for (int turn = 0; turn < 3; turn++) { // the first one also loads classes
            file = Math.min(file, cpuOfStart(this::folder));
            export = Math.min(export, cpuOfStart(ManyEndpointsTest::export));
        }

        assertThat((double) export / file)
                .as("CPU time of %,d ns against %,d ns", export, file)
                .isLessThan(3);
    }

    /** Of the whole process, whatever thread does it; a busy machine does not prolong it. */
    private long cpuOfStart(IntFunction<String> uri) throws Exception {
        CamelContext fresh = newContext();
        try {
            addRoutes(fresh, uri);
            OperatingSystemMXBean process =
                    ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long before = process.getProcessCpuTime();
            fresh.start();
            return process.getProcessCpuTime() - before;
        } finally {
            fresh.stop();
        }
    }
}
