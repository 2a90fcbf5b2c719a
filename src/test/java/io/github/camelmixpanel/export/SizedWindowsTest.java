package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/** What histories cost with {@code windowDays=auto}. */
class SizedWindowsTest extends SizedTestSupport {

    @Test
    void asksForTwoYearsOfFewEventsWithoutAWait() throws Exception {
        addDays(730, day -> 10_000);

        export(730);

        assertAllEmittedOnce();
        assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(40);
        assertThat(Duration.between(START, time.now())).isLessThan(Duration.ofMinutes(2));
    }

    @Test
    void asksForLargeDaysOneByOne() throws Exception {
        addDays(730, day -> 1_000_000);

        export(730);

        assertAllEmittedOnce();
        assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(750);
        assertThat(mixpanel.queries())
                .as("a day has 35 kB")
                .allMatch(query -> query.bytes() < 4 * 35_700);
    }

    @Test
    void crossesYearsWithoutEvents() throws Exception {
        LocalDate born = LocalDate.parse("2024-01-01");
        int days = (int) (YESTERDAY.toEpochDay() - LocalDate.parse("2011-07-10").toEpochDay()) + 1;
        int empty = days - (int) (YESTERDAY.toEpochDay() - born.toEpochDay()) - 1;
        addDays(days, day -> day < empty ? 0 : 10_000);

        export(days);

        assertAllEmittedOnce();
        assertThat(mixpanel.queries())
                .filteredOn(query -> query.fromDate().isBefore(born))
                .hasSizeLessThanOrEqualTo(30);
        assertThat(Duration.between(START, time.now())).isLessThan(Duration.ofMinutes(2));
    }

    /** 300 days: at 7.15 MB a day two years would be 5.2 GB, and so 82 windows at the least. */
    @Test
    void cutsWhatABusyWeekMakesTooLarge() throws Exception {
        addDays(300, day -> day >= 200 && day < 207 ? 5_000_000 : 50_000);

        export(300);

        assertAllEmittedOnce();
        assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(60);
        List<Committed> committed = committed();
        assertThat(committed)
                .filteredOn(it -> !it.isOneDay())
                .allMatch(it -> it.bytes() <= 4 * WINDOW_SIZE);
        long kept = committed.stream().mapToLong(Committed::bytes).sum();
        int cut = mixpanel.queries().size() - committed.size();
        long received = consumer().snapshot().orElseThrow().counts().fromMixpanel().bytes();
        assertThat(cut).isBetween(1, 8);
        assertThat(received - kept)
                .as("a download that is ended has brought at most one block more")
                .isLessThanOrEqualTo(cut * (4L * WINDOW_SIZE + 65_536));
    }

    @Test
    void isFooledNeitherByWeekendsNorByGrowth() throws Exception {
        IntToDoubleFunction events =
                day -> (day % 7 > 4 ? 5_000 : 100_000) * Math.pow(1.05, day / 7.0);
        addDays(250, events);

        export(250);

        assertAllEmittedOnce();
        assertThat(committed())
                .filteredOn(it -> !it.isOneDay())
                // a window with a weekend in it, and then the week, take up to twice as much
                .allMatch(it -> it.bytes() <= 3 * WINDOW_SIZE);
        assertThat(mixpanel.queries()).hasSameSizeAs(committed());
    }

    @Test
    void findsTheOneDayThatAlwaysBreaks() throws Exception {
        LocalDate broken = day(76, 200);
        addDays(200, day -> day == 76 ? 0 : 10_000);
        mixpanel.addDay(broken, "{\"no event\":true}\n".getBytes(StandardCharsets.UTF_8));

        export(200, "onBadLine=FAIL", "maxRetries=1");

        assertAllEmittedOnce();
        assertThat(consumer().snapshot().orElseThrow().work().windows())
                .extracting(it -> it.window().toString() + " " + it.state())
                .containsExactly(broken + " RETRY_WAIT");
        assertThat(committed()).hasSizeLessThan(30);
        assertThat(mixpanel.queries()).hasSizeLessThan(40);
    }

    @Test
    void takesASampleOfEachDay() throws Exception {
        addDays(7, day -> 200_000);

        export(7, "limit=1");

        assertThat(bodies()).hasSize(7);
        assertThat(mixpanel.queries()).hasSize(7);
    }

    @Test
    void saysWhatItExpectsAndOnWhatThatRests() throws Exception {
        addDays(365, day -> 10_000);
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            export(365);

            List<String> lines = log.lines(Level.INFO);
            assertThat(lines.get(0))
                    .isEqualTo(
                            "test: 365 days 2025-11-29..2026-11-28 due: at worst 365 queries, about 7 h for"
                                    + " the quota alone, and the first downloads show how many; 60 of 60 queries"
                                    + " left this hour; all events");
            assertThat(lines)
                    .filteredOn(line -> line.contains(" to go"))
                    .allMatch(
                            line ->
                                    line.matches(
                                            ".* committed: \\d+ events?, \\d+ of 365 days, \\d+ of 60 queries left this"
                                                    + " hour, (1 query|about \\d+ queries) \\([0-9.]+ [kM]?B, judged by"
                                                    + " (1 day|\\d+ days)\\) to go(, done about .*)?"))
                    .hasSizeGreaterThan(5);
            assertThat(Duration.between(START, time.now())).isLessThan(Duration.ofSeconds(10));
            assertThat(lines).as("too soon to say").noneMatch(it -> it.contains("done about"));
        }
    }

    @Test
    void saysWhenItIsDoneOnceItsPaceHasShown() throws Exception {
        addDays(730, day -> 10_000);
        handle(sized(730, "maxConcurrentWindows=1"), e -> time.advance(Duration.ofMillis(100)));
        try (LogRecorder log = new LogRecorder(Level.INFO)) {
            context.start();
            await().until(() -> consumer().isFirstPollDone());

            List<String> commits =
                    log.lines(Level.INFO).stream().filter(it -> it.contains(" to go")).toList();
            assertThat(commits.get(0)).contains(": 1 event, 1 of 730 days").endsWith(" to go");
            assertThat(commits.get(commits.size() - 1)).contains(" to go, done about ");
        }
    }
}
