package io.github.camelmixpanel.export;

import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of any size group days that the ledger knows one by one. */
class RegroupedDaysTest extends SizedTestSupport {

    @Test
    void goesOnWhereItWasStopped() throws Exception {
        addDays(365, day -> 50_000);
        collect(sized(365));
        context.start();
        await().until(() -> received.size() > 150);
        restart();
        int before = mixpanel.queries().size();

        export(365);

        assertAllEmittedOnce();
        List<LocalDate> asked = new ArrayList<>(days());
        days().stream().distinct().forEach(asked::remove);
        assertThat(asked)
                .as("asked for twice: downloads that the stop ended")
                .hasSizeLessThanOrEqualTo(2 * 9);
        assertThat(mixpanel.queries().size()).isGreaterThan(before).isLessThan(60);
    }

    @Test
    void takesAnyNumberOfDaysFromOneRunToTheNext() throws Exception {
        addDays(400, day -> 20_000);
        String first = day(0, 400).toString();
        for (String[] options :
                List.of(
                        new String[] {"windowDays=1", "toDate=" + day(30, 400)},
                        new String[] {"windowDays=auto", "toDate=" + day(200, 400)},
                        new String[] {"windowDays=30", "toDate=" + day(290, 400)},
                        new String[] {"windowDays=auto"})) {
            collect(sized(400, options));
            context.start();
            await().until(() -> consumer().isFirstPollDone());
            restart();
        }

        assertAllEmittedOnce();
        assertThat(days()).doesNotHaveDuplicates().hasSize(400).contains(LocalDate.parse(first));
        assertThat(mixpanel.queries()).hasSizeBetween(31 + 170 / 23, 31 + 8 + 4 + 12);
        mixpanel.assertLimitsHeld();
    }

    /** A month of which a few days brought most. */
    @Test
    void asksOnceMoreByWhatEachDayBrought() throws Exception {
        for (int i = 0; i < 10; i++) { // of one size
            boolean all = i == 0;
            addDays(30, day -> all || day >= 10 && day < 14 ? 30_000 : 0);
        }
        export(30, "windowDays=30");
        long all = committed().get(0).bytes();
        assertThat(all).as("twice as much as fits").isGreaterThan(2 * WINDOW_SIZE);
        consumer().reexport(day(0, 30).toString(), YESTERDAY.toString(), "REPLAY");
        restart();

        export(30);

        List<Committed> again = committed().subList(1, committed().size());
        assertThat(again.stream().mapToLong(it -> DAYS.between(it.from(), it.to()) + 1).sum())
                .isEqualTo(30);
        assertThat(again).hasSizeLessThanOrEqualTo(6);
        assertThat(again).allMatch(it -> it.bytes() < 1.5 * WINDOW_SIZE);
    }

    /** Days that fall due together, apart from the one that is final then. */
    @Test
    void asksForNeighbouringRevisitsInOneQuery() throws Exception {
        addDays(10, day -> 10_000);
        String uri =
                sized(10, "lateEvents=LOOKBACK", "revisitInterval=24h")
                        .replace("toDate=", "toDate=");
        collect(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertAllEmittedOnce();
        int first = mixpanel.queries().size();
        restart();
        time.advance(Duration.ofHours(25));

        collect(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertAllEmittedOnce();
        assertThat(queried().subList(first, queried().size()))
                .containsExactlyInAnyOrder("2026-11-24..2026-11-24", "2026-11-25..2026-11-28");
        assertThat(ledger())
                .contains("\"from\":\"2026-11-24\",\"to\":\"2026-11-24\",\"generation\":2")
                .contains("\"from\":\"2026-11-25\",\"to\":\"2026-11-28\",\"generation\":2");
    }

    private List<LocalDate> days() {
        return mixpanel.queries().stream()
                .flatMap(it -> it.fromDate().datesUntil(it.toDate().plusDays(1)))
                .toList();
    }
}
