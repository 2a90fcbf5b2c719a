package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.Query;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** Tasks on their way: issued, carried out, lost, and back as outcomes. */
class TasksTest extends TasksTestSupport {

    @Test
    void windowsThatAreGivenAwayComeWholeEachWithOneQuery() throws Exception {
        mixpanel.addEvents(all());

        start();
        awaitCommits(3);

        assertThat(bodies()).containsExactlyInAnyOrder(all());
        assertThat(mixpanel.queries()).hasSize(3);
        assertThat(results).containsExactly("COMMITTED", "COMMITTED", "COMMITTED");
        JsonNode task = json(taskOf(DAY));
        assertThat(task.path("type").asText()).isEqualTo("mixpanel-export-task");
        assertThat(task.path("export").asText()).isEqualTo("test");
        assertThat(task.path("to").asText()).isEqualTo(DAY);
        assertThat(task.path("generation").asInt()).isEqualTo(1);
        assertThat(Instant.parse(task.path("startBy").asText()))
                .isEqualTo(Instant.parse(task.path("issuedAt").asText()).plusSeconds(10));
        assertThat(tasks.toString()).doesNotContain("s3cr&t", "account", "localhost", "127.0.0.1");
        assertThat(exportFolder().resolve("spool")).isEmptyDirectory();
    }

    @Test
    void eventsOfATaskHaveTheKeyOfAnyOtherExport() throws Exception {
        mixpanel.addEvents(lines(DAY, 1));
        List<String> keys = Collections.synchronizedList(new ArrayList<>());
        plan("toDate=" + DAY);
        fetch();
        route(
                "direct:event",
                e -> keys.add(e.getMessage().getBody(MixpanelEvent.class).getDedupeKey()));
        route("direct:tasks", e -> {}, "direct:fetch", "direct:complete");
        context.start();
        awaitCommits(1);
        restart();
        collect(uri(DAY, DAY, "queriesPerSecond=3", "stateDirectory=" + temp.resolve("other")));
        context.start();

        await().until(() -> received.size() == 2);
        assertThat(keys)
                .containsExactly(
                        (String) received.get(1).header(MixpanelExportConstants.DEDUPE_KEY));
    }

    @Test
    void aBrokenDownloadIsGivenOutAgainAndTheFetcherAsksOnce() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 20));
        mixpanel.answer(status(500), status(503));

        start("toDate=" + DAY);
        awaitCommits(1);

        assertThat(bodies()).containsExactly(lines(DAY, 20));
        assertThat(mixpanel.queries()).hasSize(3);
        assertThat(results).containsExactly("AGAIN", "AGAIN", "COMMITTED");
        assertThat(tasks).doesNotHaveDuplicates().hasSize(3);
    }

    @Test
    void aWindowWhoseTaskFailedForGoodIsGivenOutWhenSomebodySaysSo() throws Exception {
        inOrder();
        time.hold();
        mixpanel.addEvents(lines(DAY, 20));
        mixpanel.answer(status(400));
        start("toDate=" + DAY);
        await().until(() -> !consumer().trouble().isEmpty());

        assertThat(consumer().resumeParked(DAY, DAY)).containsExactly(DAY);

        awaitCommits(1);
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(bodies()).containsExactly(lines(DAY, 20));
        assertThat(tasks).doesNotHaveDuplicates().hasSize(2);
    }

    /** No thread of the pool is at work while every window is with somebody else. */
    @Test
    void aTaskThatCameBackIsGivenOutAgainWithoutWaitingForAHeartbeat() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        mixpanel.answer(status(500));
        route("direct:later", e -> {}, "direct:fetch", "direct:complete");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:threads").threads(1).to("direct:later");
                    }
                });

        // virtual time flies on a busy machine: no task is to be too late for that
        startWith(
                List.of("direct:threads"),
                "toDate=" + DAY,
                "taskStartTimeout=1m",
                "taskTimeout=10000h");
        awaitCommits(1);

        assertThat(results).containsExactly("AGAIN", "COMMITTED");
        Duration between =
                Duration.between(
                        Instant.parse(json(tasks.get(0)).path("issuedAt").asText()),
                        Instant.parse(json(tasks.get(1)).path("issuedAt").asText()));
        assertThat(between).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aRouteThatFailsBehindTheDownloadHasItsWindowAgain() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        List<String> refused = Collections.synchronizedList(new ArrayList<>());
        plan("toDate=" + DAY);
        fetch();
        route(
                "direct:event",
                e -> {
                    if (received.size() == 12) {
                        refused.add(e.getMessage().getBody(String.class));
                        throw new IllegalStateException("the broker is away");
                    }
                });
        route("direct:tasks", e -> {}, "direct:fetch", "direct:complete");
        context.start();
        awaitCommits(1);

        assertThat(results).containsExactly("AGAIN", "COMMITTED");
        assertThat(refused).hasSize(1);
        assertThat(bodies()).hasSize(12 + 20);
        assertThat(new HashSet<>(bodies())).containsExactlyInAnyOrder(lines(DAY, 20));
    }

    @Test
    void aTaskWithoutAnOutcomeIsLostAfterTaskTimeout() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        startWithoutFetchers("toDate=" + DAY, "taskTimeout=20m", "maxRetries=5");

        await().until(() -> tasks.size() == 2);

        Duration between =
                Duration.between(
                        Instant.parse(json(tasks.get(0)).path("issuedAt").asText()),
                        Instant.parse(json(tasks.get(1)).path("issuedAt").asText()));
        assertThat(between).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(21));
        assertThat(json(tasks.get(1)).path("id")).isNotEqualTo(json(tasks.get(0)).path("id"));
        assertThat(mixpanel.queries()).as("nobody made any").isEmpty();
    }

    @Test
    void anOutcomeThatComesAfterItsTaskWasGivenUpCountsAndTheSecondOneIsIgnored() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        startWithoutResults("toDate=" + DAY, "taskTimeout=20m");
        await().until(() -> outcomes.size() >= 2);

        complete(outcomes.get(0));
        complete(outcomes.get(1));

        assertThat(results).containsExactly("COMMITTED", "IGNORED");
        assertThat(ledger().lines().filter(it -> it.contains("\"committed\""))).hasSize(1);
    }

    @Test
    void aFailureOfATaskThatWasGivenUpIsIgnored() throws Exception {
        mixpanel.answer(status(500));
        startWithoutResults("toDate=" + DAY, "taskTimeout=20m");
        await().until(() -> outcomes.size() >= 2);

        complete(outcomes.get(0));
        complete(outcomes.get(outcomes.size() - 1));

        assertThat(outcomes.get(0)).contains("\"kind\":\"TRANSIENT\"", "\"status\":0");
        assertThat(results).containsExactly("IGNORED", "COMMITTED");
    }

    @Test
    void tasksThatAreOutOutliveARestartAndCostNoSecondQuery() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        startWithoutResults("toDate=" + DAY, "taskTimeout=10000h");
        await().until(() -> outcomes.size() == 1);
        restart();
        startWithoutResults("toDate=" + DAY, "taskTimeout=10000h");
        await().until(() -> consumer().export() != null);

        Exchange done = complete(outcomes.get(0));

        assertThat(done.getException()).isNull();
        assertThat(results).containsExactly("COMMITTED");
        assertThat(tasks).hasSize(1);
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void aTaskThatNobodyTookInTimeIsNotCarriedOut() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        startHeld("toDate=" + DAY, "taskStartTimeout=5s", "taskTimeout=20m");
        await().until(() -> tasks.size() == 1);
        time.advance(Duration.ofSeconds(6));

        Exchange late = carryOut(tasks.get(0));
        complete(late.getMessage().getBody());

        JsonNode failed = json(late.getMessage().getBody(String.class)).path("failed");
        assertThat(failed.path("kind").asText()).isEqualTo("FETCHER");
        assertThat(failed.path("message").asText()).contains(DAY, "may not start later than");
        assertThat(mixpanel.queries()).isEmpty();
        assertThat(results).containsExactly("AGAIN");
        time.letGo();
        await().until(() -> tasks.size() == 2);
    }

    @Test
    void aTaskFromTheFutureIsNotCarriedOut() throws Exception {
        startHeld("toDate=" + DAY);
        await().until(() -> tasks.size() == 1);
        Instant issued = Instant.parse(json(tasks.get(0)).path("issuedAt").asText());
        String ahead =
                tasks.get(0)
                        .replace(issued.toString(), issued.plusSeconds(3_600).toString())
                        .replace(
                                issued.plusSeconds(10).toString(),
                                issued.plusSeconds(3_610).toString());

        Exchange done = carryOut(ahead);

        Exception caught = done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        assertThat(caught)
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("a clock is wrong");
        assertThat(mixpanel.queries()).isEmpty();
    }

    @Test
    void a429ThatAFetcherGotPausesTheProject() throws Exception {
        mixpanel.addEvents(all());
        mixpanel.answer(Answer.rateLimited("1800"));

        start();
        awaitCommits(3);

        assertThat(bodies()).containsExactlyInAnyOrder(all());
        List<Query> queries = mixpanel.queries();
        Instant refused = queries.get(0).at();
        assertThat(queries.stream().skip(3))
                .allSatisfy(it -> assertThat(it.at()).isAfterOrEqualTo(refused.plusSeconds(1_800)));
    }

    @Test
    void refusedCredentialsOfAFetcherAreTheExportsTrouble() throws Exception {
        mixpanel.answer(status(401));

        start("toDate=" + DAY, "delay=15m");

        await().until(() -> consumer().trouble().stream().anyMatch(it -> it.contains(DAY)));
        assertThat(consumer().trouble().get(0)).contains(DAY, "401");
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void aTaskThatTheRouteCannotSendIsGivenOutAgain() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 5));
        plan("toDate=" + DAY);
        fetch();
        route("direct:event", e -> {});
        route(
                "direct:tasks",
                e -> {
                    if (tasks.size() == 1) {
                        throw new IllegalStateException("no broker");
                    }
                },
                "direct:fetch",
                "direct:complete");
        context.start();
        awaitCommits(1);

        assertThat(tasks).hasSize(2);
        assertThat(bodies()).containsExactly(lines(DAY, 5));
    }

    @Test
    void aTaskThatWasSentInTheBackgroundIsNotTakenForLostByTheCollector() throws Exception {
        String from = planner("toDate=" + DAY, "taskTimeout=10000h");
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(from)
                                .routeId("export")
                                .threads(1)
                                .process(e -> tasks.add(e.getMessage().getBody(String.class)));
                    }
                });
        context.start();
        await().until(() -> tasks.size() == 1);
        await().until(() -> context.getInflightRepository().size() == 0);

        for (int i = 0; i < 5; i++) {
            WeakReference<Object> garbage = new WeakReference<>(new Object());
            await().until(
                            () -> {
                                System.gc();
                                return garbage.get() == null;
                            });
        }

        assertThat(tasks).hasSize(1);
        assertThat(ledger()).doesNotContain("taskOver");
    }

    @Test
    void noMoreTasksAreOutThanMaxConcurrentWindowsAndOnePollGivesNoMoreThanItMay()
            throws Exception {
        startWithoutFetchers("maxConcurrentWindows=2", "taskTimeout=10000h");

        await().until(() -> tasks.size() == 2);
        time.advance(Duration.ofMinutes(30));

        assertThat(consumer().snapshot().orElseThrow().work().windows())
                .extracting(it -> it.state().name())
                .containsExactly("ISSUED", "ISSUED", "PLANNED");
        assertThat(tasks).hasSize(2);
    }

    @Test
    void maxMessagesPerPollBoundsTasks() throws Exception {
        startWithoutFetchers("maxConcurrentWindows=3", "maxMessagesPerPoll=1", "repeatCount=1");

        // the poll may be over while a thread of the pool still hands the task to the route
        await().until(() -> consumer().isFirstPollDone() && !tasks.isEmpty());
        context.stop();

        assertThat(tasks).hasSize(1);
    }

    @Test
    void aCompleteWindowIsToldToTheRouteOfThePlanner() throws Exception {
        mixpanel.addEvents(lines(DAY, 5)).addEvents(lines(DAY, 2));

        start("toDate=" + DAY, "windowComplete=true");
        await().until(() -> received.size() == 6);

        Received notice = received.get(5);
        assertThat(notice.header(MixpanelExportConstants.WINDOW_COMPLETE)).isEqualTo(true);
        assertThat(notice.body())
                .contains("events=7", "emitted=5", "duplicates=2", "known=0", "queries=1");
    }

    @Test
    void arrivalsAreGivenAwayTooAndReachAsFarAsWithoutTasks() throws Exception {
        mixpanel.addEvents(all());

        start("lateEvents=ARRIVAL", "toDate=2026-10-19", "fromDate=2026-10-17");
        awaitCommits(3);
        await().until(() -> tasks.stream().anyMatch(it -> it.contains("processedFrom")));

        await().untilAsserted(() -> assertThat(ledger()).contains("\"arrived\""));
        assertThat(mixpanel.queries())
                .anySatisfy(it -> assertThat(it.where()).contains("mp_processing_time_ms"));
        assertThat(results).doesNotContain("IGNORED");
    }

    @Test
    void anExportOfEventsGivesUpTasksThatAreOut() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 5));
        startWithoutFetchers("toDate=" + DAY, "taskTimeout=10000h");
        await().until(() -> tasks.size() == 1);
        restart();
        collect(uri(DAY, DAY, "queriesPerSecond=3"));
        fetch();
        route("direct:event", e -> {});
        context.start();

        await().until(() -> received.size() == 5);
        time.advance(Duration.ofSeconds(11)); // else it would still be carried out
        Exchange refused = complete(carryOut(tasks.get(0)).getMessage().getBody());

        assertThat(ledger()).contains("\"taskOver\"");
        assertThat(bodies()).containsExactly(lines(DAY, 5));
        assertThat(refused.getException())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("emit=WINDOWS");
        assertThat(results).isEmpty();
    }

    @Test
    void whatIsNoOutcomeIsRefusedWithAWordOnWhatToSend() throws Exception {
        startWithoutFetchers("toDate=" + DAY);

        for (Object body :
                new Object[] {
                    "nonsense",
                    "{}",
                    "{\"type\":\"mixpanel-export-outcome\"}",
                    "[1]",
                    Map.of("type", "mixpanel-export-outcome"),
                    new byte[] {1, 2, 3}
                }) {
            Exception refused = complete(body).getException();

            assertThat(refused).as("%s", body).isInstanceOf(IllegalArgumentException.class);
            assertThat(refused).hasMessageMatching("(?s).*(COMPLETE|field \"export\").*");
        }
        assertThat(results).isEmpty();
    }

    @Test
    void aTaskOfAnotherExportIsRefused() throws Exception {
        startWithoutFetchers("toDate=" + DAY);
        await().until(() -> tasks.size() == 1);

        Exchange done = carryOut(tasks.get(0).replace("\"test\"", "\"blog\""));

        assertThat(done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blog")
                .hasMessageContaining("mixpanel-export:test");
        assertThat(mixpanel.queries()).isEmpty();
    }
}
