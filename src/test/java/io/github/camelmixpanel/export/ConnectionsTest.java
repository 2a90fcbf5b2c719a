package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Connections to a server that drops those it has answered on. */
class ConnectionsTest extends ExportTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-09-01");

    @Test
    void areAsManyAsQueriesAtATime() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        add(30);
        for (int i = 0; i < 30; i++) {
            mixpanel.answer(FIRST.plusDays(i), Answer.blockUntil(released));
        }
        collect(uri(30, "maxConcurrentWindows=30"));
        context.start();
        try {
            await().until(() -> mixpanel.queries().size() == 30);
        } finally {
            released.countDown();
        }
        await().until(() -> received.size() == 30);

        assertThat(consumer().trouble()).isEmpty();
        assertThat(counted()).hasSize(30);
    }

    @Test
    void takeOneQueryEach() throws Exception {
        add(8);
        collect(uri(8, "maxConcurrentWindows=1"));
        context.start();
        await().until(() -> received.size() == 8);

        assertThat(counted()).hasSize(8);
    }

    private void add(int days) {
        for (int i = 0; i < days; i++) {
            mixpanel.addEvents(lines(FIRST.plusDays(i).toString(), 1));
        }
    }

    private String uri(int days, String option) {
        return uri(FIRST.toString(), FIRST.plusDays(days - 1).toString(), option);
    }

    /** The query log. */
    private List<String> counted() throws Exception {
        try (Stream<Path> logs = Files.list(state().resolve("queries"))) {
            return Files.readAllLines(logs.findFirst().orElseThrow());
        }
    }
}
