package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.database.StateKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** With deduplicate=false only the download itself says what the route has had of a window. */
class TakeOverWithoutKeysTest extends DatabaseTestSupport {

    private static final String NEXT = "2026-10-06";

    @Test
    void repeatsNoMoreThanTheWindowUnderWayWhoseDownloadIsLost() throws Exception {
        inOrder();
        String[] next = lines(NEXT, 30);
        mixpanel.addEvents(lines(DAY, 30)).addEvents(next);
        Node a = new Node("a");
        a.route(
                        a.endpoint(
                                DAY,
                                NEXT,
                                "deduplicate=false",
                                "maxConcurrentWindows=1",
                                "maxMessagesPerPoll=50",
                                "repeatCount=1"))
                .start()
                .awaitFirstPoll();
        a.camel.stop();
        assertThat(a.got).hasSize(50);
        boolean sameDisk = kind == StateKind.DIRECTORY;

        Node b = new Node("b");
        b.route(b.endpoint(DAY, NEXT, "deduplicate=false")).start().awaitFirstPoll();

        assertThat(b.got)
                .containsExactlyInAnyOrder(sameDisk ? Arrays.copyOfRange(next, 20, 30) : next);
        assertThat(mixpanel.queries()).hasSize(sameDisk ? 2 : 3);
    }
}
