package io.github.camelmixpanel.export.bench;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.ExportQuery;
import io.github.camelmixpanel.export.split.EventScanner;
import io.github.camelmixpanel.export.split.EventTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

/** The same events each time, for the methods that JMH measures. */
public final class SampleEvents {

    /** How many they are. */
    public static final int EVENTS = 1_000;

    private final EventScanner scanner =
            new EventScanner(
                    new EventTime(ZoneOffset.UTC, false),
                    new ExportQuery(List.of(), null, null, false, true));
    private final byte[][] lines = new byte[EVENTS][];
    private final ExportEvent[] events = new ExportEvent[EVENTS];

    public SampleEvents() throws Exception {
        Random random = new Random(1);
        EventLines source = new EventLines(Shape.SDK, 0);
        List<String> devices = SdkProperties.ofDevices(random);
        for (int i = 0; i < EVENTS; i++) {
            lines[i] = source.next(i, random, devices).json();
            events[i] = scanner.scan(i + 1L, lines[i]);
        }
    }

    /** That they were read by. */
    EventScanner scanner() {
        return scanner;
    }

    byte[][] lines() {
        return lines;
    }

    /** Of lines 1 to {@link #EVENTS}. */
    public ExportEvent[] events() {
        return events;
    }
}
