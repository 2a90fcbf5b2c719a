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
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
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
 * What it takes to emit one event to a route that does nothing: its slot among those in flight, the
 * exchange, Camel, and the acknowledgement.
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
        WindowAcks acks = new WindowAcks(inFlight, window, 1, events.length, 0);
        for (int i = 0; i < events.length; i++) {
            List<ExportEvent> one = List.of(events[i]);
            List<DedupeKey> key = List.of(eventKeys[i]);
            long line = events[i].line();
            route.sink().deliver(acks.take(line, line, one, key, () -> true));
        }
        return acks.lowWatermark();
    }
}
