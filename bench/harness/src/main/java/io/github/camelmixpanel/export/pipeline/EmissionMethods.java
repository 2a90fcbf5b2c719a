package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.NoOpRoute;
import io.github.camelmixpanel.export.bench.Folder;
import io.github.camelmixpanel.export.bench.SampleEvents;
import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.dedupe.KeyMaker;
import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.Sleeper;
import io.github.camelmixpanel.export.model.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it takes to give one event to a route that does nothing: its place among those in flight,
 * the exchange, Camel, and the acknowledgement. In this package, as no other has places to give.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(SampleEvents.EVENTS)
public class EmissionMethods {

    private static final int MAX_IN_FLIGHT = 1_000;

    private final Window window = Window.ofDay(LocalDate.of(2024, 10, 5));
    private final KeyMaker keys = new KeyMaker(DedupeRecipe.MIXPANEL);
    private final InFlight inFlight =
            new InFlight(MAX_IN_FLIGHT, Sleeper.REAL, Clock.systemUTC(), () -> {});
    private ExportEvent[] events;
    private DedupeKey[] eventKeys;
    private Path state;
    private NoOpRoute route;

    @Setup
    public void make() throws Exception {
        events = new SampleEvents().events();
        eventKeys = new DedupeKey[events.length];
        for (int i = 0; i < events.length; i++) {
            eventKeys[i] = keys.keyOf(events[i]);
        }
        state = Files.createTempDirectory("bench-state");
        route = new NoOpRoute(state);
    }

    @TearDown
    public void close() throws IOException {
        route.close();
        Folder.delete(state);
    }

    @Benchmark
    public long emitToNoOp() throws InterruptedException {
        InFlight.Lines lines = inFlight.new Lines(window, 0);
        for (int i = 0; i < events.length; i++) {
            List<ExportEvent> one = List.of(events[i]);
            List<DedupeKey> key = List.of(eventKeys[i]);
            long line = events[i].line();
            InFlight.Place place = lines.emitted(line, line, one, key, () -> true);
            new Handout(window, 1, one, key, place.index(), events.length).to(route.sink(), place);
        }
        return lines.lowWatermark();
    }
}
