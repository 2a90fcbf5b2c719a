package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.camel.CamelContext;

/**
 * The meters of one export in the {@link MeterRegistry} of its CamelContext, from its creation
 * until it is closed. They read the snapshot when a registry reads them, and cost nothing
 * otherwise. The only class that knows Micrometer: see {@link Meters}.
 */
final class MicrometerMeters implements Meters {

    private static final long SECONDS_PER_DAY = 86_400;
    private static final String RECEIVED = "received";
    private static final String SPOOL = "spool";
    private static final Tag COMMITTED = Tag.of("outcome", "committed");
    private static final Tag FAILED = Tag.of("outcome", "failed");

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

    /** Binds to the registry of the context; those that do nothing when it has none. */
    static Meters bind(
            CamelContext context, String export, Supplier<Optional<ExportSnapshot>> source) {
        MeterRegistry registry =
                context.getRegistry().lookupByNameAndType("metricsRegistry", MeterRegistry.class);
        if (registry == null) {
            registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        }
        return registry == null ? NONE : new MicrometerMeters(registry, export, source);
    }

    private void counters() {
        counter("windows", "Windows committed", it -> it.toRoute().windows(), COMMITTED);
        counter(
                "windows",
                "Windows whose retries are used up",
                it -> it.toRoute().failedWindows(),
                FAILED);
        counter("events", "Events that the route has taken", it -> it.toRoute().acknowledged());
        counter(
                "duplicates",
                "Events left out because the route has already taken them",
                it -> it.toRoute().duplicates());
        counter("bad.lines", "Lines that are not events", it -> it.toRoute().badLines());
        counter(RECEIVED, "Bytes of downloads as received", it -> it.fromMixpanel().bytes());
        counter("queries", "Queries sent to Mixpanel", it -> it.fromMixpanel().queries());
        counter(
                "queries.rate.limited",
                "Queries answered with 429",
                it -> it.fromMixpanel().rateLimited());
        counter(
                "downloads.failed",
                "Downloads that failed for another reason",
                it -> it.fromMixpanel().failedDownloads());
    }

    private void counter(
            String name, String description, ToLongFunction<ExportCounts> figure, Tag... more) {
        added(
                FunctionCounter.builder(
                                "mixpanel.export." + name,
                                this,
                                it -> it.figure(snapshot -> figure.applyAsLong(snapshot.counts())))
                        .description(description)
                        .baseUnit(unit(name))
                        .tags(tags.and(more))
                        .register(registry));
    }

    private void gauges() {
        gauge(
                "quota.free",
                "Queries the project has left in the current hour",
                it -> it.quota().free());
        gauge(
                "quota.used",
                "Queries of the project that count in the current hour",
                it -> it.quota().used());
        gauge("in.flight", "Exchanges that the route holds", it -> it.usage().inFlight());
        gauge(SPOOL, "Bytes of downloads on disk", it -> it.usage().spoolBytes());
        for (WindowState state : WindowState.values()) {
            if (state != WindowState.COMMITTED) {
                gauge(
                        "windows.due",
                        "Windows due and not committed",
                        it -> count(it.work().windows(), window -> window.state() == state),
                        Tag.of("state", state.name()));
            }
        }
        seconds(
                "lag",
                "Seconds between now and the oldest event time not yet exported",
                it -> it.pace().lag().toSeconds());
        for (Verdict.State state : Verdict.State.values()) {
            gauge(
                    "verdict",
                    "1 for the verdict on the export, 0 for every other one",
                    it -> it.verdict().state() == state ? 1 : 0,
                    Tag.of("state", state.name()));
        }
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            gauge(
                    "troubles",
                    "Causes that keep the export, or windows of it, from going on",
                    it -> count(it.troubles(), trouble -> trouble.kind() == kind),
                    Tag.of("kind", kind.name()));
        }
        gauge(
                "parked.events",
                "Events that wait for an operator to resume or drop them",
                it -> it.work().parked().stream().mapToLong(ParkedWindow::events).sum());
        seconds(
                "pause",
                "Seconds until a query of the project may start, during a pause such as after 429",
                it ->
                        it.quota().pause().isEmpty()
                                ? 0
                                : Duration.between(it.at(), it.quota().nextStart()).toSeconds());
        seconds(
                "oldest.missing.day",
                "Midnight (UTC) of the oldest day that was never exported, since 1970; 0 for none",
                it ->
                        it.work().days().stream()
                                .filter(day -> day.lastCommit().generation() == 0)
                                .findFirst()
                                .map(day -> day.day().toEpochDay() * SECONDS_PER_DAY)
                                .orElse(0L));
    }

    private static <T> long count(List<T> all, Predicate<T> which) {
        return all.stream().filter(which).count();
    }

    private void seconds(String name, String description, ToLongFunction<ExportSnapshot> figure) {
        added(
                TimeGauge.builder("mixpanel.export." + name, () -> figure(figure), TimeUnit.SECONDS)
                        .description(description)
                        .tags(tags)
                        .register(registry));
    }

    private void gauge(
            String name, String description, ToLongFunction<ExportSnapshot> figure, Tag... more) {
        added(
                Gauge.builder("mixpanel.export." + name, this, it -> it.figure(figure))
                        .description(description)
                        .baseUnit(unit(name))
                        .tags(tags.and(more))
                        .register(registry));
    }

    private static String unit(String name) {
        return name.equals(RECEIVED) || name.equals(SPOOL) ? "bytes" : null;
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
        windowDuration.record(summary.download().took());
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
