package io.github.camelmixpanel.export.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.model.BackfillOrder;
import io.github.camelmixpanel.export.model.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {

    private static final LocalDate OCT_1 = LocalDate.parse("2026-10-01");

    @ParameterizedTest(name = "{0} at {1}: last day {2}")
    @CsvSource({
        "UTC,              2026-10-21T00:59:59Z, 2026-10-19",
        "UTC,              2026-10-21T01:00:00Z, 2026-10-20",
        "UTC,              2026-10-21T23:59:59Z, 2026-10-20",
        "America/New_York, 2026-10-21T04:59:59Z, 2026-10-19",
        "America/New_York, 2026-10-21T05:00:00Z, 2026-10-20",
        // the clocks go back on 2026-11-01 in New York: that day lasts 25 hours
        "America/New_York, 2026-11-02T05:59:59Z, 2026-10-31",
        "America/New_York, 2026-11-02T06:00:00Z, 2026-11-01",
        // and forward on 2026-03-29 in Berlin: 23 hours
        "Europe/Berlin,    2026-03-29T22:59:59Z, 2026-03-28",
        "Europe/Berlin,    2026-03-29T23:00:00Z, 2026-03-29",
        // midnight does not exist on 2026-09-06 in Santiago: the day begins at one o'clock
        "America/Santiago, 2026-09-06T05:00:00Z, 2026-09-05",
        "Pacific/Kiritimati, 2026-10-20T11:00:00Z, 2026-10-20",
    })
    void asksForADayOneHourAfterItsEnd(String zone, String now, String lastDay) {
        Planner planner = new Planner(ZoneId.of(zone), 1, BackfillOrder.OLDEST);

        assertThat(planner.lastDay(Instant.parse(now))).isEqualTo(lastDay);
    }

    @Test
    void cutsTheDaysInWindows() {
        assertThat(due(3, BackfillOrder.OLDEST, "2026-10-07", Set.of()))
                .hasToString("[2026-10-01..2026-10-03, 2026-10-04..2026-10-06, 2026-10-07]");
    }

    @Test
    void beginsWithTheNewestWhenToldSo() {
        assertThat(due(3, BackfillOrder.NEWEST, "2026-10-07", Set.of()))
                .hasToString("[2026-10-05..2026-10-07, 2026-10-02..2026-10-04, 2026-10-01]");
    }

    @Test
    void neverBridgesADayThatIsDone() {
        assertThat(
                        due(
                                3,
                                BackfillOrder.OLDEST,
                                "2026-10-05",
                                Set.of(LocalDate.parse("2026-10-02"))))
                .hasToString("[2026-10-01, 2026-10-03..2026-10-05]");
    }

    @Test
    void isEmptyBeforeTheFirstDayHasEnded() {
        Planner planner = new Planner(ZoneId.of("UTC"), 1, BackfillOrder.OLDEST);

        assertThat(planner.due(Instant.parse("2026-10-01T12:00:00Z"), OCT_1, null, day -> false))
                .isEmpty();
    }

    @Test
    void endsWithTheLastDayAskedFor() {
        Planner planner = new Planner(ZoneId.of("UTC"), 7, BackfillOrder.OLDEST);
        Instant later = Instant.parse("2027-01-01T12:00:00Z");

        assertThat(planner.due(later, OCT_1, LocalDate.parse("2026-10-03"), day -> false))
                .containsExactly(new Window(OCT_1, LocalDate.parse("2026-10-03")));
    }

    @Test
    void coversEveryDayThatIsNotDoneExactlyOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int length = random.nextInt(60);
            Set<LocalDate> done = new HashSet<>();
            Set<LocalDate> open = new HashSet<>();
            OCT_1.datesUntil(OCT_1.plusDays(length))
                    .forEach(day -> (random.nextInt(4) == 0 ? done : open).add(day));
            int windowDays = 1 + random.nextInt(10);
            BackfillOrder order = BackfillOrder.values()[random.nextInt(2)];

            List<Window> windows =
                    due(windowDays, order, OCT_1.plusDays(length - 1L).toString(), done);

            List<LocalDate> covered = new ArrayList<>();
            windows.forEach(window -> window.days().forEach(covered::add));
            assertThat(covered).as("seed %d, round %d", seed, round).hasSameElementsAs(open);
            assertThat(covered).as("seed %d, round %d", seed, round).doesNotHaveDuplicates();
            assertThat(windows).allMatch(window -> window.length() <= windowDays);
            assertThat(windows)
                    .isSortedAccordingTo(new Planner(ZoneId.of("UTC"), windowDays, order).order());
        }
    }

    private static List<Window> due(
            int windowDays, BackfillOrder order, String toDate, Set<LocalDate> done) {
        Planner planner = new Planner(ZoneId.of("UTC"), windowDays, order);
        return planner.due(
                Instant.parse("2027-01-01T12:00:00Z"),
                OCT_1,
                LocalDate.parse(toDate),
                done::contains);
    }
}
