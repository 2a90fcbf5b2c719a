package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.WindowState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tasks of several days: {@code emit=WINDOWS} with {@code windowDays=auto}. */
class SizedTasksTest extends TasksTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-09-08");
    private static final LocalDate END = LocalDate.parse("2026-10-07");
    private String windowSize = "64MB";

    @Override
    String producer() {
        return super.producer() + "&windowSize=" + windowSize;
    }

    private void begin() throws Exception {
        start(
                "fromDate=" + FIRST,
                "windowDays=auto",
                "windowSize=" + windowSize,
                "maxConcurrentWindows=1");
    }

    private String[] add() {
        String[] all =
                FIRST.datesUntil(END.plusDays(1))
                        .flatMap(day -> Stream.of(lines(day.toString(), 40)))
                        .toArray(String[]::new);
        mixpanel.addEvents(all);
        return all;
    }

    private List<String> windows() throws Exception {
        List<String> windows = new ArrayList<>();
        for (String task : List.copyOf(tasks)) {
            windows.add(json(task).path("from").asText() + ".." + json(task).path("to").asText());
        }
        return windows;
    }

    @Test
    void takeTheDaysThatFit() throws Exception {
        String[] all = add();

        begin();

        awaitCommits(5);
        assertThat(bodies()).containsExactlyInAnyOrder(all);
        assertThat(windows())
                .containsExactly(
                        "2026-09-08..2026-09-08",
                        "2026-10-07..2026-10-07",
                        "2026-09-09..2026-09-12",
                        "2026-09-13..2026-09-28",
                        "2026-09-29..2026-10-06");
    }

    @Test
    void bringTheCountsOfTheirDays() throws Exception {
        add();
        mixpanel.addEvents(lines("2026-09-10", 7)); // each a second time

        start(
                "fromDate=" + FIRST,
                "windowDays=auto",
                "maxConcurrentWindows=1",
                "windowComplete=true");

        awaitCommits(5);
        await().until(() -> notices().size() == 5);
        assertThat(notices().get(2))
                .containsPattern("2026-09-10=\\{(?=[^}]*events=47)(?=[^}]*emitted=40)")
                .containsPattern("2026-09-12=\\{(?=[^}]*events=40)(?=[^}]*emitted=40)");
        assertThat(ledger()).contains("\"eventsByDay\":[40,47,40,40]");
        assertThat(consumer().snapshot().orElseThrow().work().days())
                .filteredOn(day -> day.state() == WindowState.COMMITTED)
                .extracting(day -> day.lastCommit().events().orElseThrow())
                .hasSize(30)
                .filteredOn(events -> events != 40)
                .containsExactly(47L);
    }

    /** They count as ever, and what their days brought is not known. */
    @Test
    void mayBeCarriedOutByAnEarlierVersion() throws Exception {
        String[] all = add();
        route(
                "direct:earlier",
                e -> {
                    String outcome = e.getMessage().getBody(String.class);
                    e.getMessage().setBody(outcome.replaceAll(",\"\\w+ByDay\":\\[[^]]*]", ""));
                });

        startWith(
                List.of("direct:fetch", "direct:earlier", "direct:complete"),
                "fromDate=" + FIRST,
                "windowDays=auto",
                "maxConcurrentWindows=1",
                "windowComplete=true");

        awaitCommits(5);
        await().until(() -> notices().size() == 5);
        assertThat(bodies()).contains(all);
        assertThat(notices().get(2)).contains("days={}");
        assertThat(consumer().snapshot().orElseThrow().work().days())
                .filteredOn(day -> day.lastCommit().events().isEmpty())
                .hasSize(28);
    }

    private List<String> notices() {
        return List.copyOf(received).stream()
                .filter(it -> it.header(MixpanelExportConstants.WINDOW_COMPLETE) != null)
                .map(Received::body)
                .toList();
    }

    /** The fetcher ends the download, and the planner halves the window. */
    @Test
    void areCutWhenTheirFetchersFindThemTooLarge() throws Exception {
        windowSize = "400"; // of which four times are less than four days have
        String[] all = add();

        begin();

        await().until(() -> bodies().size() == all.length);
        assertThat(bodies()).containsExactlyInAnyOrder(all);
        awaitCommits(30);
        assertThat(List.copyOf(results)).containsOnly("COMMITTED");
    }

    @Test
    void areCutWhenMixpanelTakesTooLong() throws Exception {
        String[] all = add();
        mixpanel.answer(LocalDate.parse("2026-09-13"), status(504));

        begin();

        await().until(() -> bodies().size() == all.length);
        awaitCommits(6);
        assertThat(List.copyOf(results)).containsOnlyOnce("AGAIN");
        assertThat(windows())
                .contains(
                        "2026-09-13..2026-09-28",
                        "2026-09-13..2026-09-20",
                        "2026-09-21..2026-09-28");
    }
}
