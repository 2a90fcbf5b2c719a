package io.github.camelmixpanel.export.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.plan.DueWindow.Kind;
import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.LateEvents;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final LocalDate OCT_1 = LocalDate.parse("2026-10-01");
    private static final Instant LATER = Instant.parse("2027-01-01T12:00:00Z");

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
    void neverBridgesADayThatIsUnderWay() {
        assertThat(
                        due(
                                3,
                                BackfillOrder.OLDEST,
                                "2026-10-05",
                                Set.of(LocalDate.parse("2026-10-02"))))
                .hasToString("[2026-10-01, 2026-10-03..2026-10-05]");
    }

    @Test
    void saysWhenTheFirstDayFallsDue() {
        Planner planner = planner(LateEvents.NONE, 1, BackfillOrder.OLDEST);
        Planner.Plan plan =
                planner.plan(
                        Instant.parse("2026-10-01T12:00:00Z"),
                        OCT_1,
                        null,
                        day -> null,
                        day -> false,
                        day -> false);

        assertThat(plan.windows()).isEmpty();
        assertThat(plan.nextDue()).contains(Instant.parse("2026-10-02T01:00:00Z"));
    }

    @Test
    void endsWithTheLastDayAskedFor() {
        Planner.Plan plan =
                planner(LateEvents.NONE, 7, BackfillOrder.OLDEST)
                        .plan(
                                LATER,
                                OCT_1,
                                LocalDate.parse("2026-10-03"),
                                day -> null,
                                day -> false,
                                day -> false);

        assertThat(plan.windows())
                .containsExactly(
                        new DueWindow(
                                new Window(OCT_1, LocalDate.parse("2026-10-03")), Kind.BACKFILL));
        assertThat(plan.nextDue()).isEmpty();
    }

    @Test
    void asksForTodayThenRevisitsThenTheBackfill() {
        Instant now = Instant.parse("2026-10-06T12:00:00Z");
        Map<LocalDate, Instant> exported =
                Map.of(
                        LocalDate.parse("2026-10-04"), Instant.parse("2026-10-05T09:00:00Z"),
                        LocalDate.parse("2026-10-05"), Instant.parse("2026-10-06T09:00:00Z"),
                        LocalDate.parse("2026-10-06"), Instant.parse("2026-10-06T11:00:00Z"));
        Planner planner = planner(LateEvents.LOOKBACK, 7, BackfillOrder.OLDEST);

        Planner.Plan plan =
                planner.plan(
                        now,
                        OCT_1,
                        null,
                        day -> DayRuleTest.export(exported.get(day)),
                        day -> false,
                        day -> false);

        assertThat(plan.windows().stream().sorted(planner.order()))
                .containsExactly(
                        new DueWindow(Window.ofDay(LocalDate.parse("2026-10-06")), Kind.TODAY),
                        new DueWindow(Window.ofDay(LocalDate.parse("2026-10-04")), Kind.REVISIT),
                        new DueWindow(
                                new Window(OCT_1, LocalDate.parse("2026-10-03")), Kind.BACKFILL));
        assertThat(plan.nextDue())
                .as("2026-10-05 again")
                .contains(Instant.parse("2026-10-07T00:00:00Z"));
    }

    @Test
    void bringsTheRestOfADayHoweverOldItIs() {
        // stopped in mid-afternoon, started again a week later
        Instant now = Instant.parse("2026-10-13T15:00:00Z");
        Map<LocalDate, Instant> exported =
                Map.of(LocalDate.parse("2026-10-06"), Instant.parse("2026-10-06T15:00:00Z"));

        Planner.Plan plan =
                planner(LateEvents.LOOKBACK, 1, BackfillOrder.OLDEST)
                        .plan(
                                now,
                                LocalDate.parse("2026-10-06"),
                                null,
                                day -> DayRuleTest.export(exported.get(day)),
                                day -> false,
                                day -> false);

        assertThat(plan.windows())
                .contains(new DueWindow(Window.ofDay(LocalDate.parse("2026-10-06")), Kind.REVISIT))
                .hasSize(8);
    }

    @Test
    void coversEveryDayThatIsNotUnderWayExactlyOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int length = 1 + random.nextInt(60);
            Set<LocalDate> underWay = new HashSet<>();
            Set<LocalDate> open = new HashSet<>();
            OCT_1.datesUntil(OCT_1.plusDays(length))
                    .forEach(day -> (random.nextInt(4) == 0 ? underWay : open).add(day));
            int windowDays = 1 + random.nextInt(10);
            BackfillOrder order = BackfillOrder.values()[random.nextInt(2)];

            List<Window> windows =
                    due(windowDays, order, OCT_1.plusDays(length - 1L).toString(), underWay);

            List<LocalDate> covered = new ArrayList<>();
            windows.forEach(window -> window.days().forEach(covered::add));
            assertThat(covered).as("seed %d, round %d", seed, round).hasSameElementsAs(open);
            assertThat(covered).as("seed %d, round %d", seed, round).doesNotHaveDuplicates();
            assertThat(windows).allMatch(window -> window.length() <= windowDays);
        }
    }

    @Test
    void makesEveryDayFinalWhateverTheMomentsOfItsPolls() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DayRule rule =
                new DayRule(ZoneId.of("Europe/Berlin"), DayRuleTest.settings(LateEvents.LOOKBACK));
        Planner planner = new Planner(rule, 3, BackfillOrder.OLDEST);
        LocalDate toDate = LocalDate.parse("2026-10-30"); // the clocks go back on 2026-10-25
        for (int round = 0; round < 200; round++) {
            Map<LocalDate, Instant> exported = new HashMap<>();
            Instant now = Instant.parse("2026-10-20T00:00:00Z");
            while (now.isBefore(Instant.parse("2026-12-01T00:00:00Z"))) {
                Instant at = now;
                planner.plan(
                                now,
                                OCT_1.plusDays(19),
                                toDate,
                                day -> DayRuleTest.export(exported.get(day)),
                                day -> false,
                                day -> false)
                        .windows()
                        .forEach(due -> due.window().days().forEach(day -> exported.put(day, at)));
                now = now.plusSeconds(1 + random.nextInt(4 * 86_400));
            }
            assertThat(exported).as("seed %d, round %d", seed, round).hasSize(11);
            exported.forEach(
                    (day, at) ->
                            assertThat(rule.isFinal(day, at))
                                    .as("%s, seed %d", day, seed)
                                    .isTrue());
        }
    }

    private static Planner planner(LateEvents mode, int windowDays, BackfillOrder order) {
        return new Planner(
                new DayRule(ZoneId.of("UTC"), DayRuleTest.settings(mode)), windowDays, order);
    }

    private static List<Window> due(
            int windowDays, BackfillOrder order, String toDate, Set<LocalDate> underWay) {
        Planner planner = planner(LateEvents.NONE, windowDays, order);
        return planner
                .plan(
                        LATER,
                        OCT_1,
                        LocalDate.parse(toDate),
                        day -> null,
                        day -> false,
                        underWay::contains)
                .windows()
                .stream()
                .sorted(planner.order())
                .map(DueWindow::window)
                .toList();
    }
}
