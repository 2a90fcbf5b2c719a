package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is acknowledged goes to disk by number too: a fast route must not pile up a second's keys.
 */
class FlushedEventsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 101_000;

    private final List<Integer> known = Collections.synchronizedList(new ArrayList<>());
    private int handled;

    FlushedEventsTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @Test
    void areOnDiskAfterFiftyThousandWhateverTheClockSays() throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        handle(uri(DAY, DAY, "repeatCount=1"), e -> handled());
        context.start();
        await().until(() -> known.size() == 3);

        assertThat(known.get(1) - known.get(0)).as("of 49,000 to 51,000").isEqualTo(1);
        assertThat(known.get(2) - known.get(1)).as("of 51,000 to 101,000").isEqualTo(1);
    }

    /** By the polling thread. */
    private void handled() throws IOException {
        handled++;
        if (handled == 1) {
            time.hold(); // not a moment passes from here on
        }
        if (handled == 49_000 || handled == 51_000 || handled == EVENTS) {
            known.add(acknowledgements());
        }
    }

    private int acknowledgements() throws IOException {
        return (int)
                ledger().lines().filter(line -> line.contains("\"type\":\"acknowledged\"")).count();
    }
}
