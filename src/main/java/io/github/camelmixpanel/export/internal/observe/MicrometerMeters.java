package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.camel.CamelContext;

/**
 * The meters of one export in the {@link MeterRegistry} of its CamelContext, from its creation
 * until it is closed. They read the snapshot when a registry reads them, and cost nothing
 * otherwise. The only class that knows Micrometer: see {@link Meters}.
 */
final class MicrometerMeters implements Meters {

    private final MeterRegistry registry;
    private final Tags tags;
    private final Supplier<Optional<ExportSnapshot>> source;
    private final List<Meter> meters = new ArrayList<>();
    private final Timer windowDuration;

    private MicrometerMeters(
            MeterRegistry registry, String export, Supplier<Optional<ExportSnapshot>> source) {
        this.registry = registry;
        this.tags = Tags.of("export", export);
        this.source = source;
        this.windowDuration =
                added(
                        Timer.builder("mixpanel.export.window.duration")
                                .description("From a window's query to its commit")
                                .tags(tags)
                                .register(registry));
        counters();
        gauges();
    }

    /** Binds to the registry of the context; empty when it has none. */
    static Optional<Meters> bind(
            CamelContext context, String export, Supplier<Optional<ExportSnapshot>> source) {
        MeterRegistry registry =
                context.getRegistry().lookupByNameAndType("metricsRegistry", MeterRegistry.class);
        if (registry == null) {
            registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        }
        return Optional.ofNullable(registry).map(it -> new MicrometerMeters(it, export, source));
    }

    private void counters() {
        counter(
                "windows",
                "Windows committed",
                Tags.of("outcome", "committed"),
                ExportCounts::windows);
        counter(
                "windows",
                "Windows whose retries are used up",
                Tags.of("outcome", "failed"),
                ExportCounts::failedWindows);
        counter(
                "events",
                "Events that the route has taken",
                Tags.empty(),
                ExportCounts::acknowledged);
        counter(
                "duplicates",
                "Events left out because the route has already taken them",
                Tags.empty(),
                ExportCounts::duplicates);
        counter("bad.lines", "Lines that are not events", Tags.empty(), ExportCounts::badLines);
        counter(
                "received",
                "Bytes of downloads as received",
                Tags.empty(),
                ExportCounts::bytes,
                "bytes");
        counter("queries", "Queries sent to Mixpanel", Tags.empty(), ExportCounts::queries);
        counter(
                "queries.rate.limited",
                "Queries answered with 429",
                Tags.empty(),
                ExportCounts::rateLimited);
        counter(
                "downloads.failed",
                "Downloads that failed for another reason",
                Tags.empty(),
                ExportCounts::failedDownloads);
    }

    private void counter(
            String name, String description, Tags more, ToLongFunction<ExportCounts> figure) {
        counter(name, description, more, figure, null);
    }

    private void counter(
            String name,
            String description,
            Tags more,
            ToLongFunction<ExportCounts> figure,
            String unit) {
        added(
                FunctionCounter.builder(
                                "mixpanel.export." + name,
                                this,
                                it -> it.figure(snapshot -> figure.applyAsLong(snapshot.counts())))
                        .description(description)
                        .baseUnit(unit)
                        .tags(tags.and(more))
                        .register(registry));
    }

    private void gauges() {
        gauge(
                "quota.free",
                "Queries the project has left in the current hour",
                Tags.empty(),
                it -> it.quota().free());
        gauge(
                "quota.used",
                "Queries of the project that count in the current hour",
                Tags.empty(),
                it -> it.quota().used());
        gauge(
                "in.flight",
                "Exchanges that the route holds",
                Tags.empty(),
                ExportSnapshot::inFlight);
        gauge(
                "spool",
                "Bytes of downloads on disk",
                Tags.empty(),
                ExportSnapshot::spoolBytes,
                "bytes");
        for (WindowState state : WindowState.values()) {
            if (state != WindowState.COMMITTED) {
                gauge(
                        "windows.due",
                        "Windows due and not committed",
                        Tags.of("state", state.name()),
                        it ->
                                it.windows().stream()
                                        .filter(window -> window.state() == state)
                                        .count());
            }
        }
        added(
                TimeGauge.builder(
                                "mixpanel.export.lag",
                                () -> figure(it -> it.lag().toSeconds()),
                                TimeUnit.SECONDS)
                        .description(
                                "Seconds between now and the oldest event time not yet exported")
                        .tags(tags)
                        .register(registry));
    }

    private void gauge(
            String name, String description, Tags more, ToLongFunction<ExportSnapshot> figure) {
        gauge(name, description, more, figure, null);
    }

    private void gauge(
            String name,
            String description,
            Tags more,
            ToLongFunction<ExportSnapshot> figure,
            String unit) {
        added(
                Gauge.builder("mixpanel.export." + name, this, it -> it.figure(figure))
                        .description(description)
                        .baseUnit(unit)
                        .tags(tags.and(more))
                        .register(registry));
    }

    private <M extends Meter> M added(M meter) {
        meters.add(meter);
        return meter;
    }

    private long figure(ToLongFunction<ExportSnapshot> figure) {
        return source.get().map(figure::applyAsLong).orElse(0L);
    }

    @Override
    public void committed(WindowSummary summary) {
        windowDuration.record(summary.took());
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
