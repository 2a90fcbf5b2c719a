package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/** What is noted about a body when it is verified helps to emit it, and nothing depends on it. */
class NotedFieldsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 30_000;

    private final List<Object> insertIds = new ArrayList<>();

    /** How many files of notes there were at the first event. */
    private int files;

    @Test
    void isGoneWhenItsWindowIsCommitted() throws Exception {
        mixpanel.addEvents(lines(DAY, EVENTS));
        handle(uri(DAY, DAY), exchange -> receive(exchange, false));
        context.start();
        awaitCommit();

        assertThat(files).as("of places").isEqualTo(1);
        assertThat(notes()).isEmpty();
    }

    @Test
    void mayBeDamagedBeforeItIsRead() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, EVENTS));
        try (LogRecorder log = new LogRecorder(Level.WARN)) {
            handle(uri(DAY, DAY), exchange -> receive(exchange, true));
            context.start();
            awaitCommit();

            assertThat(log.lines(Level.WARN))
                    .hasSize(1)
                    .allMatch(
                            it ->
                                    it.contains(
                                            ".tmp has changed since it was written); parsing its events again"));
        }
        assertThat(files).isEqualTo(1);
        assertThat(insertIds)
                .isEqualTo(IntStream.range(0, EVENTS).mapToObj(i -> DAY + "-" + i).toList());
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(notes()).isEmpty();
    }

    private void awaitCommit() {
        await().until(() -> ledger().contains("\"type\":\"committed\""));
    }

    private void receive(Exchange exchange, boolean damages) throws IOException {
        if (insertIds.isEmpty()) {
            files = notes().size();
            for (Path file : damages ? notes() : List.<Path>of()) {
                changeTheEnd(file);
            }
        }
        insertIds.add(exchange.getMessage().getHeader(MixpanelExportConstants.INSERT_ID));
    }

    private List<Path> notes() throws IOException {
        try (Stream<Path> spool = Files.list(exportFolder().resolve("spool"))) {
            return spool.filter(it -> it.getFileName().toString().endsWith(".tmp")).toList();
        }
    }
}
