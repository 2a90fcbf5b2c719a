package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An export goes on with each golden state directory as if it had written it itself: every state of
 * a window is taken up, nothing is lost, only what the promise allows is repeated, and no query is
 * wasted.
 */
class GoldenStateTest extends GoldenTestSupport {

    private static final Duration LATER = Duration.ofMinutes(10);

    /** A copy of it is the state directory from now on; it is a little later. */
    private void goOnWith(GoldenState golden) throws Exception {
        copy(golden.state(), state());
        advanceTo(golden.at.plus(LATER));
    }

    /** Polls on and on. */
    private void start(GoldenState golden, String... options) throws Exception {
        route(uri(golden, options));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        awaitPolls();
    }

    /**
     * Both runs together have brought each event that Mixpanel has, once.
     *
     * @param repeated acknowledged after the last flush, and so brought by both
     * @param parked brought by neither
     */
    private void assertOnce(GoldenState golden, List<String> repeated, List<String> parked)
            throws IOException {
        List<String> both = all(golden.taken(), taken);
        List<String> twice = new ArrayList<>(both);
        Set.copyOf(both).forEach(twice::remove);
        assertThat(twice).containsExactlyInAnyOrderElementsOf(repeated);
        assertThat(all(List.copyOf(Set.copyOf(both)), parked))
                .containsExactlyInAnyOrderElementsOf(GoldenDays.ids());
    }

    private List<String> queried() {
        return mixpanel.queries().stream().map(it -> it.fromDate().toString()).toList();
    }

    @SafeVarargs
    private static List<String> all(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(names = {"DAYS", "VERSION3"})
    void takesUpWhatIsSpooledAndHalfEmittedAndAsksForTheRest(GoldenState golden) throws Exception {
        GoldenDays.addTo(mixpanel);
        goOnWith(golden);

        start(golden);

        assertThat(queried())
                .as("none of what is committed a while ago, spooled, half emitted or parked")
                .containsExactly("2026-10-18", "2026-10-19");
        assertThat(taken)
                .as("one event was acknowledged after the last flush, one is parked with its day")
                .containsExactlyElementsOf(
                        all(
                                GoldenDays.ids("2026-10-16", 3, 30),
                                GoldenDays.ids("2026-10-17", 0, 5),
                                GoldenDays.ids("2026-10-18", 0, 5),
                                GoldenDays.ids("2026-10-19", 0, 5)));
        assertThat(notices)
                .containsExactly(
                        "2026-10-14 1",
                        "2026-10-16 1",
                        "2026-10-17 1",
                        "2026-10-18 1",
                        "2026-10-19 1");
        assertOnce(
                golden,
                List.of("2026-10-16-3"),
                List.of("2026-10-12-2", "2026-10-13-1", "2026-10-13-3"));
        assertThat(Files.readAllLines(exportFolder().resolve("quarantine/2026-10-11.g1.jsonl")))
                .containsExactly("no event");
    }

    @Test
    void resumesWhatIsParked() throws Exception {
        GoldenDays.addTo(mixpanel);
        goOnWith(GoldenState.DAYS);
        start(GoldenState.DAYS);
        taken.clear();
        notices.clear();

        assertThat(ask("RESUME", "2026-10-10", "2026-10-20").getMessage().getBody())
                .isEqualTo(List.of("2026-10-12", "2026-10-13"));
        await().until(() -> notices.size() == 1);
        awaitPolls();

        assertThat(taken)
                .as("of the day that is parked as a whole, what the route had not taken")
                .containsExactlyInAnyOrder("2026-10-12-2", "2026-10-13-1", "2026-10-13-3");
        assertThat(notices).containsExactly("2026-10-13 1");
        assertThat(queried()).containsExactly("2026-10-18", "2026-10-19");
        assertThat(ask("RESUME", "2026-10-10", "2026-10-20").getMessage().getBody())
                .isEqualTo(List.of());
    }

    @Test
    void asksForDaysOnceMoreUnlessTheyAreFinalAndBringsWhatIsNew() throws Exception {
        GoldenDays.addTo(mixpanel);
        goOnWith(GoldenState.DAYS);
        start(GoldenState.DAYS);
        int before = mixpanel.queries().size();
        mixpanel.addEvents(Arrays.copyOfRange(lines("2026-10-15", 6), 5, 6));
        mixpanel.addEvents(Arrays.copyOfRange(lines("2026-10-14", 6), 5, 6));
        taken.clear();
        restart();
        advanceTo(GoldenState.DAYS.at.plus(Duration.ofHours(30)));

        start(GoldenState.DAYS);

        assertThat(queried().subList(before, mixpanel.queries().size()))
                .containsExactlyInAnyOrder(
                        "2026-10-15",
                        "2026-10-16",
                        "2026-10-17",
                        "2026-10-18",
                        "2026-10-19",
                        "2026-10-20",
                        "2026-10-21");
        assertThat(taken).containsExactly("2026-10-15-5");
    }

    @Test
    void countsTheQueriesOfTheLastHour() throws Exception {
        GoldenDays.addTo(mixpanel);
        goOnWith(GoldenState.DAYS);

        queriesPerHour = "queriesPerHour=9"; // as many as were made

        start(GoldenState.DAYS, "toDate=2026-10-19"); // of which none are kept for today

        assertThat(mixpanel.queries())
                .extracting(Query::at)
                .hasSize(2)
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .isAfterOrEqualTo(
                                                GoldenState.DAYS.at.plus(Duration.ofHours(1))));
    }

    @Test
    void bringsDaysThatAreAskedForOnceMore() throws Exception {
        for (int day = 1; day <= 4; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, day == 1 ? 6 : 5));
        }
        goOnWith(GoldenState.AGAIN);

        start(GoldenState.AGAIN);

        assertThat(queried()).containsExactlyInAnyOrder("2026-10-01", "2026-10-02");
        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(
                        all(
                                GoldenDays.ids("2026-10-03", 3, 5),
                                GoldenDays.ids("2026-10-01", 5, 6),
                                GoldenDays.ids("2026-10-02", 0, 5)));
        restart();
        start(GoldenState.AGAIN);
        assertThat(mixpanel.queries()).as("neither once more").hasSize(2);
    }

    @Test
    void goesOnWithArrivalsWhereTheyCameTo() throws Exception {
        GoldenDays.addArrivalsTo(mixpanel);
        goOnWith(GoldenState.ARRIVALS);

        poll(uri(GoldenState.ARRIVALS));

        assertThat(taken)
                .containsExactlyElementsOf(
                        all(
                                GoldenDays.ids("2026-10-19", 10, 13),
                                GoldenDays.ids("2026-10-19", 13, 15)));
        assertThat(mixpanel.queries())
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(it.where())
                                        .startsWith(
                                                "properties[\"mp_processing_time_ms\"] >= "
                                                        + Instant.parse("2026-10-20T10:30:00Z")
                                                                .toEpochMilli()));
    }

    @Test
    void acceptsTheOutcomeOfATaskAndGivesNoOtherForIt() throws Exception {
        for (int day = 5; day <= 7; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 5));
        }
        goOnWith(GoldenState.TASKS);
        time.hold();
        route(uri(GoldenState.TASKS));
        fetcher();
        context.start();

        String outcome = Files.readString(GoldenState.TASKS.folder().resolve("outcome.json"));
        assertThat(complete(outcome)).isEqualTo("COMMITTED");
        assertThat(complete(outcome)).isEqualTo("IGNORED");
        assertThat(tasks).isEmpty();
        assertThat(mixpanel.queries()).isEmpty();

        time.letGo();
        await().until(() -> tasks.size() == 1);
        time.hold();
        assertThat(tasks.get(0)).as("the one without an outcome").contains("2026-10-07");
        assertThat(time.now())
                .as("taskTimeout")
                .isAfterOrEqualTo(GoldenState.TASKS.at.plus(Duration.ofHours(6)));
    }

    @Test
    void exportsReopenedDaysAgainWithoutWhatTheRunFileOfALostBodyHas() throws Exception {
        GoldenDays.addSummerTo(mixpanel);
        goOnWith(GoldenState.REOPENED);

        poll(uri(GoldenState.REOPENED));

        assertThat(queried()).isEmpty();
        assertThat(taken).containsExactlyElementsOf(GoldenDays.ids("2026-08-02", 3, 5));
    }

    @ParameterizedTest
    @EnumSource(names = {"VERSION1", "VERSION2"})
    void goesOnWithWhatEarlierVersionsWrote(GoldenState golden) throws Exception {
        GoldenDays.addTo(mixpanel);
        mixpanel.addEvents(Arrays.copyOfRange(lines("2026-10-15", 6), 5, 6));
        goOnWith(golden);

        start(golden);

        assertThat(queried())
                .as("the days that were to be exported again, and those not begun")
                .containsExactlyInAnyOrder(
                        "2026-10-10", "2026-10-11", "2026-10-15", "2026-10-18", "2026-10-19");
        assertThat(taken)
                .as("two events were acknowledged after the last flush")
                .containsExactlyInAnyOrderElementsOf(
                        all(
                                GoldenDays.ids("2026-10-16", 2, 30),
                                GoldenDays.ids("2026-10-17", 0, 5),
                                GoldenDays.ids("2026-10-11", 0, 50),
                                GoldenDays.ids("2026-10-11", 51, 101),
                                GoldenDays.ids("2026-10-15", 5, 6),
                                GoldenDays.ids("2026-10-18", 0, 5),
                                GoldenDays.ids("2026-10-19", 0, 5)));
        assertThat(notices)
                .containsExactlyInAnyOrder(
                        "2026-10-14 1",
                        "2026-10-16 1",
                        "2026-10-17 1",
                        "2026-10-10 2",
                        "2026-10-11 2",
                        "2026-10-15 2",
                        "2026-10-18 1",
                        "2026-10-19 1");
        taken.clear();

        ask("RESUME", "2026-10-10", "2026-10-20");
        awaitPolls();

        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(
                        golden == GoldenState.VERSION1
                                ? List.of() // which could not park
                                : List.of("2026-10-12-2", "2026-10-13-1", "2026-10-13-3"));
        assertThat(mixpanel.queries()).hasSize(5);
    }

    /** Days of windows of one day, half done, revisited or asked for again. */
    @ParameterizedTest
    @EnumSource(names = {"VERSION1", "VERSION2", "VERSION3"})
    void goesOnInWindowsOfAnySize(GoldenState golden) throws Exception {
        GoldenDays.addTo(mixpanel);
        goOnWith(golden);

        start(golden, "windowDays=auto");

        List<String> days = new ArrayList<>(List.of("2026-10-18", "2026-10-19"));
        if (golden != GoldenState.VERSION3) {
            days.addAll(List.of("2026-10-10", "2026-10-11", "2026-10-15"));
        }
        assertThat(mixpanel.queries())
                .flatExtracting(
                        it ->
                                it.fromDate()
                                        .datesUntil(it.toDate().plusDays(1))
                                        .map(LocalDate::toString)
                                        .toList())
                .containsExactlyInAnyOrderElementsOf(days);
        assertThat(mixpanel.queries()).hasSizeLessThan(days.size());
    }

    /** And shows of each day what is counted of it. */
    @ParameterizedTest
    @EnumSource(names = {"WINDOWS", "UNCOUNTED"})
    void goesOnInTheMiddleOfAWindow(GoldenState golden) throws Exception {
        GoldenDays.addWindowsTo(mixpanel);
        goOnWith(golden);

        start(golden);

        assertThat(queried()).isEmpty();
        assertThat(golden.taken()).endsWith("2026-10-02-1", "2026-10-03-0");
        assertThat(taken)
                .as("two events were acknowledged after the last flush")
                .startsWith("2026-10-02-1", "2026-10-03-0", "2026-10-03-1")
                .hasSize(10);
        assertThat(notices).containsExactly("2026-09-15 1", "2026-10-01 1");
        LocalDate uncounted = LocalDate.parse("2026-09-11");
        assertThat(consumer().snapshot().orElseThrow().work().days())
                .hasSize(30)
                .allSatisfy(
                        day ->
                                assertThat(day.lastCommit().events())
                                        .as("%s", day.day())
                                        .isEqualTo(
                                                golden == GoldenState.UNCOUNTED
                                                                && !day.day().isBefore(uncounted)
                                                                && day.day().getMonthValue() == 9
                                                        ? Optional.empty()
                                                        : Optional.of(
                                                                (long)
                                                                        GoldenDays.events(
                                                                                day.day()))));
    }

    @ParameterizedTest
    @EnumSource
    void writesTheLedgerInOnePieceAsEver(GoldenState golden) throws Exception {
        goOnWith(golden);
        time.hold();
        // of an earlier version, and so rewritten at once
        Files.writeString(
                exportFolder().resolve("ledger.jsonl"),
                ledger().replaceFirst("\"version\":4", "\"version\":3"));

        route(uri(golden, "initialDelay=3600000"));
        context.start();

        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden.rewritten(), ledger());
        }
        assertThat(ledger()).isEqualTo(Files.readString(golden.rewritten()));
    }
}
