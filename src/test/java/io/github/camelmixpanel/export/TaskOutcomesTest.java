package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.failure.TaskException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.observe.MixpanelWindowEvent;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.Test;

/** Outcomes that come late, twice, at the wrong moment, or of tasks that nobody issued. */
class TaskOutcomesTest extends TasksTestSupport {

    private static final Duration TIMEOUT = Duration.ofMinutes(20);
    private String more = "";

    @Override
    String planner(String... options) {
        return super.planner(options) + "&taskStartTimeout=1m&taskTimeout=20m" + more;
    }

    @Override
    String producer() {
        return super.producer() + more;
    }

    /** One task, carried out, with an outcome that lies about while no time passes. */
    private String outcomeOf(String task) {
        return carryOut(task).getMessage().getBody(String.class);
    }

    /** The task that is out is lost, and its window falls due. */
    private void loseTask() throws Exception {
        time.advance(TIMEOUT);
        await().until(
                        () -> {
                            consumer().export().wake();
                            return ledger().contains("\"taskOver\"");
                        });
    }

    private void awaitState(String state) {
        await().until(
                        () -> {
                            time.advance(Duration.ofMillis(100));
                            consumer().export().wake();
                            return consumer().exportStatus().contains(state);
                        });
    }

    private static boolean isIn(String method, Thread thread) {
        return Stream.of(thread.getStackTrace()).anyMatch(it -> it.getMethodName().equals(method));
    }

    private long permits() throws IOException {
        try (Stream<Path> logs = Files.walk(state().resolve("queries"))) {
            return Files.readAllLines(logs.filter(Files::isRegularFile).findFirst().orElseThrow())
                    .size();
        }
    }

    private long inLedger(String type) throws Exception {
        return ledger().lines().filter(it -> it.contains("\"type\":\"" + type + "\"")).count();
    }

    @Test
    void anOutcomeOfATaskThatNobodyIssuedCommitsNothing() throws Exception {
        mixpanel.addEvents(all());
        startHeld("maxConcurrentWindows=1");
        await().until(() -> tasks.size() == 1);
        String outcome = outcomeOf(taskOf(DAY));

        for (String[] change :
                new String[][] {
                    {json(taskOf(DAY)).path("id").asText(), UUID.randomUUID().toString()},
                    {DAY, NEXT},
                    {"\"generation\":1", "\"generation\":2"}
                }) {
            complete(outcome.replace(change[0], change[1]));
        }
        complete(outcome);

        assertThat(results).containsExactly("IGNORED", "IGNORED", "IGNORED", "COMMITTED");
        assertThat(inLedger("committed")).isEqualTo(1);
    }

    @Test
    void aTaskThatComesTwiceIsCarriedOutOnceAndTheFirstTimeCounts() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 5));
        startHeld("toDate=" + DAY);
        await().until(() -> tasks.size() == 1);
        String first = outcomeOf(tasks.get(0));
        Exchange second = carryOut(tasks.get(0));

        complete(second.getMessage().getBody());
        complete(first);

        assertThat(second.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("came to this fetcher before");
        assertThat(results).containsExactly("IGNORED", "COMMITTED");
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(bodies()).containsExactly(lines(DAY, 5));
    }

    @Test
    void aBodyThatIsATaskIsNoneForAnExport() throws Exception {
        mixpanel.addEvents(all());
        startHeld("toDate=" + DAY);
        await().until(() -> tasks.size() == 1);

        context.createProducerTemplate()
                .send(
                        producer(),
                        e -> {
                            e.getMessage().setBody(tasks.get(0));
                            e.getMessage().setHeader(MixpanelExportConstants.FROM_DATE, NEXT);
                            e.getMessage().setHeader(MixpanelExportConstants.TO_DATE, NEXT);
                            time.letGo();
                        });

        assertThat(mixpanel.queries()).extracting(it -> it.fromDate().toString()).contains(NEXT);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void whatIsNoTaskIsRefusedWithAWordOnWhatToSend() throws Exception {
        startHeld("toDate=" + DAY);

        for (Object body : new Object[] {null, "nonsense", "{}", 7, new byte[] {1}}) {
            Exchange refused =
                    context.createProducerTemplate()
                            .send(
                                    producer() + "&operation=TASK",
                                    e -> e.getMessage().setBody(body));
            assertThat(refused.getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("operation=EXPORT");
        }
        assertThat(mixpanel.queries()).isEmpty();
    }

    @Test
    void aLateOutcomeCountsWhileItsWindowWaitsForTheQuota() throws Exception {
        more = "&queriesPerHour=1";
        mixpanel.addEvents(lines(DAY, 5));
        startHeld("toDate=" + DAY);
        await().until(() -> tasks.size() == 1);
        String late = outcomeOf(tasks.get(0));
        loseTask();
        awaitState("\"state\":\"FETCHING\"");

        complete(late);

        assertThat(results).containsExactly("COMMITTED");
        time.letGo();
        awaitState("\"activity\":\"IDLE\"");
        assertThat(inLedger("task")).isEqualTo(1);
    }

    @Test
    void aLateOutcomeCountsAfterARestartTooBeforeTheFirstPoll() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        startHeld("toDate=" + DAY, "retryDelay=600000");
        await().until(() -> tasks.size() == 1);
        String late = outcomeOf(tasks.get(0));
        loseTask();
        restart();
        startHeld("toDate=" + DAY, "initialDelay=100000000");
        await().until(() -> consumer().export() != null);

        complete(late);

        assertThat(results).containsExactly("COMMITTED");
        assertThat(tasks).hasSize(1);
    }

    /** The commit is on its way to the disk when the window falls due. */
    @Test
    void aWindowThatIsBeingCommittedIsNotIssuedAgain() throws Exception {
        BreakingDataSource database = new BreakingDataSource(StateKind.H2.newDatabase());
        context.getRegistry().bind("stateDb", database);
        more = "&dataSource=%23bean:stateDb";
        mixpanel.addEvents(lines(DAY, 5));
        startHeld("toDate=" + DAY, "retryDelay=600000");
        await().until(() -> tasks.size() == 1);
        String late = outcomeOf(tasks.get(0));
        loseTask();
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FutureTask<Exchange> completed = new FutureTask<>(() -> complete(late));
        Thread completing = new Thread(completed);
        database.whenCommitting(
                () -> { // not at the renewal of a lease
                    if (isIn("committed", completing) && committing.getCount() > 0) {
                        committing.countDown();
                        Patiently.await().until(() -> goOn.getCount() == 0);
                    }
                });
        completing.start();
        committing.await();
        time.advance(TIMEOUT);
        await().until(
                        () -> {
                            consumer().export().wake();
                            return permits() == 2;
                        });
        goOn.countDown();

        assertThat(Patiently.get(completed).getException()).isNull();
        awaitState("\"activity\":\"IDLE\"");
        assertThat(results).containsExactly("COMMITTED");
        assertThat(inLedger("task")).isEqualTo(1);
        assertThat(inLedger("committed")).isEqualTo(1);
    }

    @Test
    void aListenerThatWaitsForAnotherOutcomeIsNotHeldUp() throws Exception {
        mixpanel.addEvents(all());
        AtomicBoolean first = new AtomicBoolean(true);
        startHeld("toDate=" + NEXT, "maxConcurrentWindows=2");
        await().until(() -> tasks.size() == 2);
        String one = outcomeOf(taskOf(DAY));
        String other = outcomeOf(taskOf(NEXT));
        context.getManagementStrategy()
                .addEventNotifier(
                        new EventNotifierSupport() {
                            @Override
                            public void notify(CamelEvent event) throws ExecutionException {
                                if (event instanceof MixpanelWindowEvent
                                        && first.getAndSet(false)) {
                                    waitFor(CompletableFuture.runAsync(() -> complete(other)));
                                }
                            }
                        });

        complete(one);

        assertThat(results).containsExactly("COMMITTED", "COMMITTED");
    }

    private static void waitFor(CompletableFuture<Void> work) throws ExecutionException {
        try {
            Patiently.get(work);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a planner leaves that issued a task after the commit of its generation. */
    @Test
    void aTaskOfACommittedGenerationInTheLedgerIsForgotten() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        start("toDate=" + DAY);
        awaitCommits(1);
        restart();
        String issued =
                ledger().lines().filter(it -> it.contains("\"task\"")).findFirst().orElseThrow();
        Files.writeString(exportFolder().resolve("ledger.jsonl"), ledger() + issued + "\n");
        ObjectNode outcome = JSON.createObjectNode().put("type", "mixpanel-export-outcome");
        outcome.set("task", json(tasks.get(0)));
        outcome.putObject("done")
                .put("events", 0)
                .put("duplicates", 0)
                .put("otherEvents", 0)
                .put("badLines", 0)
                .put("bytes", 0);
        tasks.clear();

        start("toDate=" + DAY);
        await().until(() -> consumer().isFirstPollDone());
        complete(outcome.toString());

        assertThat(results).containsExactly("COMMITTED", "IGNORED");
        assertThat(tasks).isEmpty();
        assertThat(consumer().exportStatus()).doesNotContain("ISSUED");
    }
}
