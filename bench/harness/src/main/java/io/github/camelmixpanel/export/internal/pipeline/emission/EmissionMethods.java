package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.NoOpRoute;
import io.github.camelmixpanel.export.bench.Folder;
import io.github.camelmixpanel.export.bench.SampleMethods;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it takes to give one event to a route that does nothing: its place among those in flight,
 * the exchange, Camel, and the acknowledgement. In this package, as no other has places to give.
 */
@Warmup(iterations = 5, time = 1)
public class EmissionMethods extends SampleMethods {

    private static final int MAX_IN_FLIGHT = 1_000;

    private final Window window = Window.ofDay(LocalDate.of(2024, 10, 5));
    private final KeyMaker keys = new KeyMaker(DedupeRecipe.MIXPANEL);
    private final InFlight inFlight =
            new InFlight(MAX_IN_FLIGHT, Sleeper.REAL, Clock.systemUTC(), () -> {});
    private final DedupeKey[] eventKeys = new DedupeKey[events.length];
    private Path state;
    private NoOpRoute route;

    @Override
    protected void prepare() throws Exception {
        for (int i = 0; i < events.length; i++) {
            eventKeys[i] = keys.keyOf(events[i]);
        }
        state = Files.createTempDirectory("bench-state");
        route = new NoOpRoute(state);
    }

    @TearDown
    public void stop() throws IOException {
        route.close();
        Folder.delete(state);
    }

    @Benchmark
    public long emitToNoOp() throws InterruptedException {
        InFlight.Lines handedOut = inFlight.new Lines(window, 0);
        for (int i = 0; i < events.length; i++) {
            List<ExportEvent> one = List.of(events[i]);
            List<DedupeKey> key = List.of(eventKeys[i]);
            long line = events[i].line();
            InFlight.Place place = handedOut.emitted(line, line, one, key, () -> true);
            new EventBatch(window, 1, one, key, place.index(), events.length)
                    .to(route.sink(), place);
        }
        return handedOut.lowWatermark();
    }
}
