package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What JMH measures for one event: always by the same events, and in the same way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(SampleMethods.EVENTS)
public abstract class SampleMethods {

    static final int EVENTS = 1_000;

    /** That {@link #events} were read by. */
    protected final EventScanner scanner =
            new EventScanner(
                    new EventTime(ZoneOffset.UTC, false),
                    new ExportQuery(List.of(), null, null, false, true));

    protected final byte[][] lines = new byte[EVENTS][];

    /** Of lines 1 to 1,000. */
    protected final ExportEvent[] events = new ExportEvent[EVENTS];

    @Setup
    public void make() throws Exception {
        Random random = new Random(1);
        EventLines source = new EventLines(Shape.SDK, 0);
        List<String> devices = SdkProperties.ofDevices(random);
        for (int i = 0; i < EVENTS; i++) {
            lines[i] = source.next(i, random, devices).json();
            events[i] = scanner.scan(i + 1L, lines[i]);
        }
        prepare();
    }

    /** Makes what the methods need besides the events, which are there. */
    protected abstract void prepare() throws Exception;
}
