package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.option.Reexport;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Days that were exported, and are exported again because somebody asks for it. */
class ReexportTest extends VirtualTimeTestSupport {

    private static final Instant START = Instant.parse("2026-10-20T12:00:00Z");
    private static final String DAY = "2026-10-05";
    private static final String NEXT = "2026-10-06";

    ReexportTest() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    private String export(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "queriesPerSecond=3";
        all[options.length + 1] = "delay=1";
        return uri(DAY, "2026-10-07", all);
    }

    /** A consumer, and a producer that has no days of its own. */
    private void start(String... options) throws Exception {
        collect(export(options));
        again();
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    private void again() throws Exception {
        String producer =
                uri("", "", "operation=REEXPORT", "queriesPerSecond=3")
                        .replace("fromDate=&toDate=&", "");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again").to(producer);
                    }
                });
    }

    private Exchange ask(String from, String to, Object mode) {
        Exchange done =
                context.createProducerTemplate()
                        .send(
                                "direct:again",
                                e -> {
                                    e.getMessage()
                                            .setHeader(MixpanelExportConstants.FROM_DATE, from);
                                    e.getMessage().setHeader(MixpanelExportConstants.TO_DATE, to);
                                    e.getMessage()
                                            .setHeader(MixpanelExportConstants.REEXPORT, mode);
                                });
        time.advance(Duration.ofSeconds(1));
        return done;
    }

    private void awaitPoll() {
        long polls = consumer().getCounter();
        await().until(() -> consumer().getCounter() > polls + 2);
    }

    private long queriesOf(String day) {
        return mixpanel.queries().stream()
                .map(Query::fromDate)
                .filter(d -> d.toString().equals(day))
                .count();
    }

    @Test
    void repairBringsOfAFinalDayOnlyWhatIsNew() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines(NEXT, 10));
        start();
        mixpanel.removeDay(LocalDate.parse(DAY)).addEvents(lines(DAY, 13));

        Exchange asked = ask(DAY, NEXT, null);
        awaitPoll();

        assertThat(asked.getException()).isNull();
        assertThat(asked.getMessage().getBody()).isEqualTo(List.of(DAY, NEXT));
        assertThat(bodies().subList(20, bodies().size()))
                .containsExactly(Arrays.copyOfRange(lines(DAY, 13), 10, 13));
        assertThat(received.get(20).header(MixpanelExportConstants.GENERATION)).isEqualTo(2);
        assertThat(queriesOf(DAY)).isEqualTo(2);
        assertThat(queriesOf(NEXT)).isEqualTo(2);
        assertThat(queriesOf("2026-10-07")).as("nobody asked for it").isEqualTo(1);
    }

    @Test
    void replayBringsEverythingAgainAndOnce() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines(DAY, 3));
        start();

        ask(DAY, DAY, Reexport.REPLAY);
        awaitPoll();

        assertThat(bodies().subList(10, bodies().size()))
                .as("duplicates in the download are left out as ever")
                .containsExactly(lines(DAY, 10));
        restart();
        start();
        awaitPoll();
        assertThat(received).hasSize(20);
        assertThat(queriesOf(DAY)).isEqualTo(2);
    }

    @Test
    void replayLeavesTheOtherDaysOfTheirWindowAlone() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 5)).addEvents(lines(NEXT, 5));
        mixpanel.addEvents(lines("2026-10-07", 5));
        start("windowDays=3");
        restart();
        again();
        context.start();
        ask(NEXT, NEXT, "replay");
        ask(DAY, DAY, "REPAIR");
        restart();

        start("windowDays=3");
        awaitPoll();

        assertThat(bodies().subList(15, bodies().size())).containsExactly(lines(NEXT, 5));
        assertThat(received.get(15).header(MixpanelExportConstants.FROM_DATE))
                .as("days that are due together are asked for together")
                .isEqualTo(DAY);
    }

    @Test
    void isRememberedWhenNoConsumerRuns() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        start();
        restart();
        again();
        context.start();

        Exchange asked = ask(DAY, DAY, Reexport.REPLAY);
        restart();
        start("windowDays=2");

        assertThat(asked.getException()).isNull();
        await().until(() -> received.size() == 20);
        assertThat(queriesOf(DAY)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"PT3H", "PT-3H"})
    void takesOneQueryHoweverTheClockIsSetMeanwhile(Duration ahead) throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        Duration[] set = {ahead};
        context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(() -> time.clock().instant().plus(set[0]), time.clock(), time.sleeper());
        start();
        ask(DAY, DAY, Reexport.REPLAY);
        set[0] = Duration.ZERO;
        await().until(() -> received.size() == 20);
        awaitPoll();

        assertThat(received).hasSize(20);
        assertThat(queriesOf(DAY)).isEqualTo(2);
    }

    @Test
    void dropsTheBodyOfAQueryThatLeftBeforeTheRequest() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        CountDownLatch asked = new CountDownLatch(1);
        start();
        mixpanel.answer(LocalDate.parse(DAY), Answer.blockUntil(asked));
        ask(DAY, DAY, Reexport.REPLAY);
        await().until(() -> queriesOf(DAY) == 2);

        ask(DAY, DAY, Reexport.REPLAY);
        asked.countDown();
        await().until(() -> received.size() == 20);
        awaitPoll();

        assertThat(received).hasSize(20);
        assertThat(queriesOf(DAY)).isEqualTo(3);
    }

    @Test
    void asksOnceMoreWhenTheDayWasUnderWayAlready() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        CountDownLatch inTheSecond = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        String uri = export("maxInFlight=1");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .process(
                                        e -> {
                                            received.add(Received.of(e));
                                            if (received.size() == 12) {
                                                inTheSecond.countDown();
                                                asked.await();
                                            }
                                        });
                    }
                });
        again();
        context.start();
        await().until(() -> received.size() == 10 && consumer().isFirstPollDone());
        ask(DAY, DAY, Reexport.REPLAY);
        inTheSecond.await();

        ask(DAY, DAY, Reexport.REPLAY);
        asked.countDown();

        await().until(() -> received.size() == 30);
        awaitPoll();
        assertThat(received).hasSize(30);
        assertThat(queriesOf(DAY)).isEqualTo(3);
    }

    @Test
    void repairsDaysThatTheExportNoLongerBeginsWith() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        start();
        restart();
        collect(export().replace("fromDate=" + DAY, "fromDate=" + NEXT));
        again();
        context.start();
        mixpanel.addEvents(Arrays.copyOfRange(lines(DAY, 12), 10, 12));

        ask(DAY, DAY, Reexport.REPAIR);

        await().until(() -> received.size() == 12);
    }

    @Test
    void refusesToRepairWhereTheKeysAreGone() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        start();
        time.advance(Duration.ofDays(60));
        awaitPoll();

        assertThat(ask(DAY, NEXT, Reexport.REPAIR).getException())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Window 2026-10-05..2026-10-06 cannot be repaired: the dedupe keys of 2026-10-05 are"
                                + " gone, those before 2026-10-07 were deleted as too old, so that new events"
                                + " cannot be distinguished from others. REPLAY emits all events of these days again.");
        awaitPoll();
        assertThat(queriesOf(DAY)).isEqualTo(1);

        ask(DAY, NEXT, Reexport.REPLAY);
        await().until(() -> received.size() == 20);
    }

    /** Where the day begins in UTC's day before, some of its keys may be that day's. */
    @ParameterizedTest
    @CsvSource({"UTC, false", "America/New_York, false", "Australia/Sydney, true"})
    void refusesToRepairADayOfWhichSomeKeysAreGone(String timeZone, boolean refused)
            throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        mixpanel.addEvents(lines("2026-10-07", 10));
        start("timeZone=" + timeZone);
        time.advance(Duration.ofDays(60));
        awaitPoll();

        Exception answer = ask("2026-10-07", "2026-10-07", Reexport.REPAIR).getException();

        if (refused) {
            assertThat(answer)
                    .hasMessageContaining(
                            "the dedupe keys of 2026-10-07 are gone, those before 2026-10-07 were");
        } else {
            assertThat(answer).isNull();
        }
    }

    @Test
    void keepsTheKeysOfADayThatIsToBeRepairedHoweverLongThatTakes() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 10));
        start();
        time.advance(Duration.ofDays(16));
        awaitPoll();
        for (int i = 0; i < 18; i++) {
            mixpanel.answer(
                    LocalDate.parse(DAY), Answer.status(503, "text/plain", "down", Map.of()));
        }
        assertThat(ask(DAY, DAY, Reexport.REPAIR).getException()).isNull();
        await().until(() -> queriesOf(DAY) >= 7);
        time.advance(Duration.ofDays(40));
        awaitPoll();
        await().until(
                        () -> {
                            time.advance(Duration.ofHours(1));
                            return ledger().contains("\"generation\":2,\"queryStarted");
                        });
        awaitPoll();

        assertThat(bodies()).containsExactly(lines(DAY, 10));
    }

    @Test
    void refusesToRepairWhereKeysWereNeverKept() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        start("deduplicate=false");

        assertThat(ask(DAY, DAY, Reexport.REPAIR).getException())
                .hasMessageContaining("or were never kept (deduplicate=false)");
        assertThat(ask(NEXT, NEXT, Reexport.REPAIR).getException())
                .as("without events it misses no keys")
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            2026-09-01 | REPAIR | Window 2026-09-01 cannot be exported again: mixpanel-export:test has not exported a day of it, the first it has is 2026-10-05
            2026-10-05 | AGAIN  | Header CamelMixpanelExportReexport is 'AGAIN'; allowed is REPAIR, REPLAY
            """)
    void refusesWhatCannotBe(String day, String mode, String message) throws Exception {
        start();

        assertThat(ask(day, day, mode).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void refusesDaysThatALowerToDateLeavesOut() throws Exception {
        mixpanel.addEvents(lines(NEXT, 10));
        start();
        restart();
        collect(export().replace("toDate=2026-10-07", "toDate=" + DAY));
        again();
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(ask(NEXT, "2026-10-07", Reexport.REPLAY).getException())
                .hasMessage(
                        "Window 2026-10-06..2026-10-07 cannot be exported again:"
                                + " mixpanel-export:test exports no day after its toDate=2026-10-05 any more");
        assertThat(ask(DAY, NEXT, Reexport.REPLAY).getMessage().getBody())
                .as("those that still belong to it")
                .isEqualTo(List.of(DAY));
    }

    @Test
    void refusesAnExportThatHasNeverRun() throws Exception {
        again();
        context.start();

        assertThat(ask(DAY, DAY, null).getException())
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Export test has no progress in");
        assertThat(mixpanel.queries()).isEmpty();
    }

    @Test
    void isAnOperationOfTheConsumersMBean() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        start();
        var agent =
                context.getCamelContextExtension()
                        .getContextPlugin(ManagedCamelContext.class)
                        .getManagedCamelContext();
        assertThat(agent).isNotNull();
        var server = java.lang.management.ManagementFactory.getPlatformMBeanServer();

        Object days =
                server.invoke(
                        mbean(),
                        "reexport",
                        new Object[] {DAY, DAY, "replay"},
                        new String[] {"java.lang.String", "java.lang.String", "java.lang.String"});
        time.advance(Duration.ofSeconds(1));

        assertThat(days).isEqualTo(List.of(DAY));
        await().until(() -> received.size() == 20);
    }

    @Test
    void namesWhatAnOperatorGotWrong() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        start();

        assertThatThrownBy(() -> consumer().reexport(DAY, DAY, "everything"))
                .hasMessage("mode is 'everything'; allowed is REPAIR, REPLAY");
        assertThatThrownBy(() -> consumer().reexport("5 October", DAY, "REPAIR"))
                .hasMessageStartingWith("fromDate is '5 October'; allowed is a date such as");
        assertThatThrownBy(() -> consumer().resumeParked(DAY, null))
                .hasMessageStartingWith("toDate is 'null'; allowed is a date such as");
        assertThat(consumer().reexport(DAY, DAY, null)).as("a repair").containsExactly(DAY);
        assertThat(received).hasSize(10);
    }

    @Tag(FullBuild.TAG)
    @Test
    void losesNothingOfAReplayWhenItIsKilledInTheMiddle() throws Exception {
        mixpanel.addEvents(lines(DAY, 1_500));
        Path out = temp.resolve("out");
        String uri = uri(DAY, DAY, "repeatCount=1");
        try (ForkedExport first = ForkedExport.start(uri, out, temp.resolve("log"))) {
            first.awaitEnd();
        }
        again();
        context.start();
        assertThat(ask(DAY, DAY, Reexport.REPLAY).getException()).isNull();
        context.stop();

        try (ForkedExport killed = ForkedExport.start(uri, out, temp.resolve("log"), "-Dpause=1")) {
            await().until(() -> written(out) > 2_200);
            killed.kill();
        }
        try (ForkedExport last = ForkedExport.start(uri, out, temp.resolve("log"))) {
            last.awaitEnd();
        }

        List<String> replayed = Files.readAllLines(out);
        replayed = replayed.subList(1_500, replayed.size());
        assertThat(new HashSet<>(replayed).containsAll(Set.of(lines(DAY, 1_500)))).isTrue();
        // those of the last second, one a millisecond, and the one in flight
        assertThat(replayed.size() - 1_500).isBetween(0, 1_001);
        assertThat(mixpanel.queries()).as("no query is wasted").hasSize(2);
    }

    private static long written(Path out) throws Exception {
        try (Stream<String> lines = Files.lines(out)) {
            return lines.count();
        }
    }
}
