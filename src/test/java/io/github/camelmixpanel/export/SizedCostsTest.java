package io.github.camelmixpanel.export;

import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.function.IntToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The column {@code auto} of the table in {@code docs/concepts/days-and-windows.md} is what its
 * histories cost. Of two downloads either may end first, so that the number of queries varies a
 * little, and the largest window by more: what holds is that no window of several days is larger
 * than four times {@code windowSize}.
 */
@Tag(FullBuild.TAG)
class SizedCostsTest extends SizedTestSupport {

    private static final Path PAGE = Path.of("docs/concepts/days-and-windows.md");
    private static final Pattern COST =
            Pattern.compile(
                    "\\| (?:(\\d+) to )?(\\d+) queries, [^|]*largest (?:\\d+ to )?(\\d+) MB[^|]*\\|$");

    private void assertCosts(String history, int days, IntToDoubleFunction events)
            throws Exception {
        addDays(days, events);
        export(days);

        MatchResult row =
                Files.readAllLines(PAGE).stream()
                        .filter(it -> it.startsWith("| " + history + " |"))
                        .flatMap(it -> COST.matcher(it).results())
                        .findFirst()
                        .orElseThrow();
        int most = Integer.parseInt(row.group(2));
        int least = row.group(1) == null ? most : Integer.parseInt(row.group(1));
        assertThat(mixpanel.queries().size()).isBetween(least - 1 - least / 8, most + 1 + most / 8);
        for (Committed window : committed()) {
            long bytes = Long.parseLong(row.group(3)) * (1 << 20) / 4_096 * 11 / 10;
            assertThat(window.bytes())
                    .as("%s", window)
                    .isLessThanOrEqualTo(window.isOneDay() ? bytes : 4L * WINDOW_SIZE);
        }
    }

    @Test
    void ofFewEvents() throws Exception {
        assertCosts("730 days, 10,000 events per day", 730, day -> 10_000);
    }

    @Test
    void ofMediumDays() throws Exception {
        assertCosts("730 days, 100,000 events per day", 730, day -> 100_000);
    }

    @Test
    void ofQuietWeekends() throws Exception {
        assertCosts(
                "730 days, 100,000 events per day, at weekends 5,000",
                730,
                day -> isWeekend(day(day, 730)) ? 5_000 : 100_000);
    }

    private static boolean isWeekend(LocalDate day) {
        return day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
    }

    @Test
    void ofEmptyYears() throws Exception {
        int before = (int) LocalDate.parse("2011-07-10").until(LocalDate.parse("2024-01-01"), DAYS);
        assertCosts(
                "5,621 days from 2011-07-10, 10,000 events per day since 2024",
                5_621,
                day -> day < before ? 0 : 10_000);
    }

    @Test
    void ofLargeDays() throws Exception {
        assertCosts("730 days, 1 million events per day", 730, day -> 1_000_000);
    }
}
