package io.github.camelmixpanel.export.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.plan.WindowSizer.Volume;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowSizerTest {

    private static final LocalDate FIRST = LocalDate.parse("2025-01-01");
    private static final double MB = History.MB;
    private static final long SIZE = History.SIZE;

    private final Map<LocalDate, Volume> known = new HashMap<>();
    private final Map<LocalDate, Integer> longest = new HashMap<>();

    /** Days by their number, the first one is 0. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // what, known as day+days:MB per day, longest as day:days, due as first..last, next
        "nothing is known, , , 0..729, 0..0",
        "a single small day, 0+1:1, , 1..729, 1..4",
        "growth by four, 0+4:1, , 4..729, 4..19",
        "as many as fit, 0+16:2, , 16..729, 16..47",
        "larger than a window, 0+1:200, , 1..729, 1..1",
        "fewer are due, 0+16:1, , 16..20, 16..20",
        "the newest first, 726+4:1, , 725..0, 725..710",
        "a weekend after a week, 0+1:100 1+1:5 2+1:5, , 3..729, 3..3",
        "an empty stretch, 0+256:0, , 256..3000, 256..621",
        "an empty stretch with something after it, 0+256:0 500+1:64, , 256..499, 256..378",
        "the end is nearer, 0+1:1 100+1:64, , 90..99, 90..90",
        "was too large, 0+16:1, 16:8 20:8, 16..729, 16..23",
        "was too large further on, 0+16:1, 20:3, 16..729, 16..19",
        "a revisit of known days, 0+1:10 1+1:10 2+1:10 3+1:10 4+1:10 5+1:10 6+1:10, , 0..6, 0..5",
    })
    void takesAsManyDaysAsAreExpectedToFit(
            String what, String volumes, String cut, String due, String next) {
        if (volumes != null) {
            for (String each : volumes.split(" ")) {
                String[] parts = each.split("[+:]");
                int days = Integer.parseInt(parts[1]);
                know(Integer.parseInt(parts[0]), days, Double.parseDouble(parts[2]) * MB);
            }
        }
        if (cut != null) {
            for (String each : cut.split(" ")) {
                String[] parts = each.split(":");
                longest.put(FIRST.plusDays(Integer.parseInt(parts[0])), Integer.valueOf(parts[1]));
            }
        }

        Set<LocalDate> ends = Set.of(FIRST.minusDays(1), FIRST.plusDays(9_999));
        assertThat(sizer().next(days(due), ends)).as(what).isEqualTo(days(next));
    }

    /** The days of a week are still under way when the weekend behind them is done. */
    @Test
    void isNotFooledByAWeekendThatWasDownloadedFirst() {
        know(0, 2, 20 * MB);
        know(2, 3, MB);
        know(8, 3, MB);

        assertThat(sizer().next(days("11..40"), Set.of())).isEqualTo(days("11..22"));
        assertThat(sizer().next(days("11..40"), days("5..7"))).isEqualTo(days("11..13"));
    }

    @Test
    void looksAtBothEndsFirst() {
        List<LocalDate> due = days("0..729");
        assertThat(sizer().next(due, Set.of())).isEqualTo(days("0..0"));
        assertThat(sizer().next(days("1..729"), days("0..0"))).isEqualTo(days("729..729"));
        assertThat(sizer().next(days("1..728"), List.of(FIRST, FIRST.plusDays(729))))
                .isEqualTo(days("1..1"));

        know(0, 1, MB);
        assertThat(sizer().next(days("1..729"), Set.of())).isEqualTo(days("729..729"));
        know(729, 1, MB);
        assertThat(sizer().next(days("1..728"), Set.of())).isEqualTo(days("1..4"));
    }

    @Test
    void foreseesQueriesAndBytes() {
        know(0, 1, MB);

        // 4, 16, 64, and the rest
        assertThat(sizer().queries(days("1..100"))).isEqualTo(4);
        assertThat(sizer().expected(FIRST.plusDays(50))).isEqualTo(MB);
    }

    /** And guesses by the mean of its window, of which the busy day is but a part. */
    @Test
    void expectsOfADayOnceMoreWhatItBroughtItself() {
        for (int day = 0; day < 16; day++) {
            known.put(FIRST.plusDays(day), new Volume((day == 3 ? 85 : 1) * MB, 6.25 * MB, 16));
        }

        assertThat(sizer().next(days("0..15"), Set.of())).isEqualTo(days("0..3"));
        assertThat(sizer().next(days("4..15"), Set.of())).isEqualTo(days("4..15"));
        assertThat(sizer().expected(FIRST.plusDays(16))).isEqualTo(6.25 * MB);
    }

    @Test
    void asksForAHistoryInFewQueries() {
        assertThat(play(730, day -> 1.43).queries()).isLessThanOrEqualTo(22);
        assertThat(play(730, day -> 143).queries()).isEqualTo(730);
        assertThat(play(365, day -> day >= 200 && day < 207 ? 682 : 6.82).queries())
                .as("a week of a hundred times")
                .isLessThanOrEqualTo(60);
        assertThat(play(365, day -> 2 * Math.pow(1.05, day / 7.0)).largest())
                .as("growth of 5 % a week")
                .isLessThan(1.5 * SIZE);
        assertThat(play(365, day -> day % 7 > 4 ? 2 : 40).largest())
                .as("weekends at a twentieth")
                .isLessThan(2.0 * SIZE);
    }

    @Test
    void crossesEmptyYearsInBigStrides() {
        int born = 4_558; // from 2011-07-10 to 2024
        for (double bytes : new double[] {0.01, 1.43, 143}) {
            History history = play(born + 1_062, day -> day < born ? 0 : bytes);
            assertThat(history.windows())
                    .filteredOn(it -> it.window().fromDate().isBefore(FIRST.plusDays(born)))
                    .hasSizeLessThanOrEqualTo(30);
            assertThat(history.cut()).hasSizeLessThan(10);
        }
    }

    private static History play(int days, IntToDoubleFunction megabytes) {
        return History.of(FIRST, days, megabytes);
    }

    private WindowSizer sizer() {
        return new WindowSizer(known, longest, SIZE);
    }

    private void know(int day, int days, double bytes) {
        for (int i = 0; i < days; i++) {
            known.put(FIRST.plusDays(day + i), new Volume(bytes, bytes, days));
        }
    }

    /** In descending order when the last one is before the first. */
    private static List<LocalDate> days(String range) {
        int first = Integer.parseInt(range.split("\\.\\.")[0]);
        int last = Integer.parseInt(range.split("\\.\\.")[1]);
        List<LocalDate> days =
                new ArrayList<>(
                        IntStream.rangeClosed(Math.min(first, last), Math.max(first, last))
                                .mapToObj(FIRST::plusDays)
                                .toList());
        if (last < first) {
            Collections.reverse(days);
        }
        return days;
    }
}
