package io.github.camelmixpanel.export.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalRuleTest {

    private static final LocalDate FIRST_DAY = LocalDate.parse("2026-01-01");
    private static final Instant NOON = Instant.parse("2026-10-20T12:00:00Z");

    private final ArrivalRule rule = new ArrivalRule(ZoneId.of("UTC"), 30, 1);

    private static Instant oct20(String time) {
        return Instant.parse("2026-10-20T" + time + "Z");
    }

    private static Optional<Arrivals> covered(String from, String to) {
        return Optional.of(new Arrivals(oct20(from), oct20(to)));
    }

    @Test
    void beginsTwoHoursBeforeTheEarliestOpenExport() {
        assertThat(rule.next(Optional.empty(), Optional.empty())).isEmpty();
        assertThat(rule.next(Optional.empty(), Optional.of(NOON))).contains(oct20("10:00:00"));
    }

    @Test
    void needsKeysAsFarBackAsItReachesAndTwoDaysMore() {
        assertThat(rule.keysNeededFrom(oct20("00:00:00"))).isEqualTo(LocalDate.parse("2026-09-18"));
    }

    @Test
    void goesOnTwoHoursBeforeTheEndOfTheLast() {
        assertThat(rule.next(covered("01:00:00", "11:00:00"), Optional.empty()))
                .contains(oct20("09:00:00"));
        assertThat(rule.next(covered("01:00:00", "11:00:00"), Optional.of(oct20("03:00:00"))))
                .as("an export that the chain goes on from")
                .contains(oct20("09:00:00"));
        assertThat(rule.next(covered("01:00:00", "11:00:00"), Optional.of(oct20("02:59:00"))))
                .as("an export from before the chain")
                .contains(oct20("00:59:00"));
    }

    @Test
    void asksForDaysInReachOfTheStartOfItsSpan() {
        Window window = rule.window(oct20("01:00:00"), NOON, FIRST_DAY, null).orElseThrow();

        assertThat(window)
                .isEqualTo(
                        new Window(
                                LocalDate.parse("2026-09-20"),
                                LocalDate.parse("2026-10-20"),
                                new Arrivals(oct20("01:00:00"), NOON)));
        assertThat(rule.window(oct20("01:00:00"), NOON, LocalDate.parse("2026-10-19"), null))
                .hasValueSatisfying(it -> assertThat(it.fromDate()).isEqualTo("2026-10-19"));
        assertThat(rule.window(oct20("01:00:00"), NOON, FIRST_DAY, LocalDate.parse("2026-10-02")))
                .hasValueSatisfying(it -> assertThat(it.toDate()).isEqualTo("2026-10-02"));
        assertThat(rule.window(oct20("01:00:00"), NOON, FIRST_DAY, LocalDate.parse("2026-09-19")))
                .isEmpty();
    }

    @Test
    void asksForOneMoreDayThanItCoversAtMost() {
        Instant from = Instant.parse("2026-10-01T00:00:00Z");

        assertThat(rule.window(from, NOON, FIRST_DAY, null).orElseThrow().arrivals().to())
                .isEqualTo("2026-10-02T02:00:00Z");
    }

    @Test
    void asksForNoLessThanIsCoveredWithAClockThatIsBehind() {
        Window window =
                rule.window(NOON, Instant.parse("2026-10-20T09:00:00Z"), FIRST_DAY, null)
                        .orElseThrow();

        assertThat(window.arrivals().to()).isEqualTo(oct20("14:00:00"));
    }

    @Test
    void coversNoMoreThanWhatTheServerHadWhenTheQueryBegan() {
        Arrivals asked = new Arrivals(oct20("08:00:00"), NOON);
        Optional<Arrivals> before = covered("01:00:00", "10:00:00");

        assertThat(ArrivalRule.covered(before, asked, oct20("12:00:01")))
                .isEqualTo(new Arrivals(oct20("01:00:00"), NOON));
        assertThat(ArrivalRule.covered(before, asked, oct20("11:00:00")).to())
                .as("the local clock is ahead")
                .isEqualTo(oct20("11:00:00"));
        assertThat(ArrivalRule.covered(before, asked, oct20("07:00:00")).to())
                .as("never back")
                .isEqualTo(oct20("10:00:00"));
        assertThat(ArrivalRule.covered(before, asked, null).to())
                .as("unknown")
                .isEqualTo(oct20("10:00:00"));
        assertThat(ArrivalRule.covered(Optional.empty(), asked, NOON)).isEqualTo(asked);
    }

    @Test
    void neverClaimsAGapBetweenTwoSpans() {
        Arrivals asked = new Arrivals(oct20("01:00:00"), oct20("03:30:00"));

        assertThat(ArrivalRule.covered(covered("05:00:00", "10:00:00"), asked, NOON))
                .isEqualTo(asked);
        assertThat(ArrivalRule.covered(covered("03:30:00", "10:00:00"), asked, NOON))
                .isEqualTo(new Arrivals(oct20("01:00:00"), oct20("10:00:00")));
    }

    @Test
    void leavesOutNoProcessingTimeHoweverWrongTheClockIs() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Instant server = NOON;
            Optional<Arrivals> covered = Optional.empty();
            Instant reached = null;
            for (int query = 0; query < 30; query++) {
                Instant local = server.plusSeconds(random.nextInt(800_000) - 400_000);
                Instant from = rule.next(covered, Optional.of(NOON)).orElseThrow();
                Arrivals asked =
                        rule.window(from, local, FIRST_DAY, null)
                                .map(Window::arrivals)
                                .orElseThrow();
                // what the server has when the query begins, and what is asked for of it
                Instant brought = asked.to().isBefore(server) ? asked.to() : server;
                if (reached == null || !asked.from().isAfter(reached) && brought.isAfter(reached)) {
                    reached = brought;
                }
                covered = Optional.of(ArrivalRule.covered(covered, asked, server));
                assertThat(covered.get().to())
                        .as("seed %d, round %d, query %d", seed, round, query)
                        .isBeforeOrEqualTo(reached);
                server = server.plusSeconds(random.nextInt(100_000));
            }
        }
    }
}
