package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.testkit.ForkedJvm;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The meters say what the simulator has counted, and the dashboard asks for meters that exist. */
class MetersTest extends ExportTestSupport {

    private static final Pattern NAME = Pattern.compile("mixpanel_export_\\w+");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void agreeWithTheSimulator() throws Exception {
        export();

        await().untilAsserted(
                        () ->
                                assertThat(scraped())
                                        .containsEntry("mixpanel_export_events_total", 60.0)
                                        .containsEntry("mixpanel_export_duplicates_total", 20.0)
                                        .containsEntry("mixpanel_export_in_flight", 0.0)
                                        .containsEntry(
                                                "mixpanel_export_queries_total",
                                                (double) mixpanel.queries().size())
                                        .containsEntry(
                                                "mixpanel_export_queries_rate_limited_total",
                                                (double) mixpanel.refused())
                                        .containsEntry(
                                                "mixpanel_export_received_bytes_total",
                                                mixpanel.queries().stream()
                                                        .mapToDouble(query -> query.bytes())
                                                        .sum())
                                        .containsEntry("mixpanel_export_quota_free", 58.0)
                                        .containsEntry(
                                                "mixpanel_export_window_duration_seconds_count",
                                                2.0));
    }

    @Test
    void goWithTheRoute() throws Exception {
        export();
        assertThat(registry.getMeters()).isNotEmpty();

        context.getRouteController().stopRoute("export");

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void areWhatTheDashboardShows() throws Exception {
        export();
        Set<String> shown =
                NAME.matcher(Files.readString(Path.of("docs/grafana-dashboard.json")))
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(scraped().keySet()).containsAll(shown).hasSameSizeAs(shown);
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .allMatch(id -> "test".equals(id.getTag("export")))
                .allMatch(id -> id.getDescription() != null);
    }

    @Test
    void areNotMissedWithoutMicrometer() throws Exception {
        URL[] classPath =
                Arrays.stream(
                                ForkedJvm.classPath()
                                        .split(Pattern.quote(java.io.File.pathSeparator)))
                        .filter(entry -> !entry.contains("micrometer"))
                        .map(MetersTest::url)
                        .toArray(URL[]::new);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass(MeterRegistry.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);
            Thread.currentThread().setContextClassLoader(loader);
            Object ran =
                    loader.loadClass(WithoutMicrometer.class.getName())
                            .getMethod("eventsOf", String.class, String.class)
                            .invoke(
                                    null,
                                    mixpanel.addEvents(lines("2026-10-05", 3)).baseUrl(),
                                    state().toString());

            assertThat(ran).isEqualTo(3);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void export() throws Exception {
        context.getRegistry().bind("metricsRegistry", registry);
        mixpanel.addEvents(lines("2026-10-05", 20)).addEvents(lines("2026-10-05", 20));
        mixpanel.addEvents(lines("2026-10-06", 40));
        collect(uri("2026-10-05", "2026-10-06", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    /** The sum of each series, by name. */
    private Map<String, Double> scraped() {
        Map<String, Double> series = new TreeMap<>();
        registry.scrape()
                .lines()
                .filter(line -> line.startsWith("mixpanel_export_"))
                .forEach(
                        line ->
                                series.merge(
                                        line.substring(0, line.indexOf('{')),
                                        Double.valueOf(line.substring(line.lastIndexOf(' '))),
                                        Double::sum));
        return series;
    }
}
