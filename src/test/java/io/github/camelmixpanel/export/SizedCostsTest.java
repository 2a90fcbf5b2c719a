package io.github.camelmixpanel.export;

import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
 * histories cost. Two downloads at a time are done in either order, so that figures vary a little.
 */
@Tag(FullBuild.TAG)
class SizedCostsTest extends SizedTestSupport {

    private static final Path PAGE = Path.of("docs/concepts/days-and-windows.md");
    private static final Pattern QUERIES =
            Pattern.compile(
                    "\\| (?:\\d+ to )?(\\d+) queries, [^|]*largest (?:\\d+ to )?(\\d+) MB[^|]*\\|$");

    private void assertCosts(String history, int days, IntToDoubleFunction events)
            throws Exception {
        addDays(days, events);
        export(days);

        MatchResult row =
                Files.readAllLines(PAGE).stream()
                        .filter(it -> it.startsWith("| " + history + " |"))
                        .flatMap(it -> QUERIES.matcher(it).results())
                        .findFirst()
                        .orElseThrow();
        int queries = Integer.parseInt(row.group(1));
        int found = mixpanel.queries().size();
        long largest = committed().stream().mapToLong(Committed::bytes).max().orElseThrow();
        assertThat(found).isCloseTo(queries, within(1 + queries / 8));
        assertThat(largest * 4_096 / (1 << 20))
                .isLessThanOrEqualTo(Long.parseLong(row.group(2)) * 11 / 10);
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
