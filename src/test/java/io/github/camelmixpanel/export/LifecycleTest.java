package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.ObjectName;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting, stopping, suspending and scheduling, as Camel's users do it. */
class LifecycleTest extends ExportTestSupport {

    private static final String DEFAULT = "scheduler=none";
    private static final String QUARTZ = "scheduler=quartz&scheduler.cron=0/1+*+*+*+*+?";

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, QUARTZ})
    void stopsInTheMiddleOfADownload(String scheduler) throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 500));
        mixpanel.answer(Answer.hangAfter(0.5));
        collect(uri("2026-10-05", "2026-10-05", scheduler));
        context.start();
        await().until(() -> mixpanel.queries().size() == 1);

        assertThat(timeToStop()).isLessThan(Duration.ofSeconds(3));
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, QUARTZ})
    void stopsWhileItWaitsForTheQuota(String scheduler) throws Exception {
        for (int day = 5; day <= 8; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 1));
        }
        collect(uri("2026-10-05", "2026-10-08", "queriesPerHour=1", scheduler));
        context.start();
        await().until(() -> received.size() == 1);

        assertThat(timeToStop()).isLessThan(Duration.ofSeconds(3));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, QUARTZ})
    void stopsInTheMiddleOfAnEmissionAndGoesOnWithoutAQuery(String scheduler) throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 5_000));
        CountDownLatch third = new CountDownLatch(3);
        String uri = uri("2026-10-05", "2026-10-05", scheduler);
        takeTime(uri, third);
        context.start();
        await().until(() -> third.getCount() == 0);

        assertThat(timeToStop()).isLessThan(Duration.ofSeconds(3));
        int before = received.size();
        assertThat(before).isLessThan(5_000);

        restart();
        collect(uri);
        context.start();

        await().until(() -> received.size() >= 5_000);
        assertThat(bodies())
                .as("nothing lost, nothing repeated")
                .containsExactly(lines("2026-10-05", 5_000));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    /**
     * Camel counts what is pending when it has told that it stops, and again only a second later.
     */
    @Test
    void pollIsOverWhenCamelLooksWhatIsPending() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 20_000));
        CountDownLatch begun = new CountDownLatch(10);
        takeTime(uri("2026-10-05", "2026-10-05"), begun);
        context.start();
        await().until(() -> begun.getCount() == 0);
        assertThat(consumer().getPendingExchangesSize()).isOne();

        consumer().deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);

        assertThat(consumer().getPendingExchangesSize()).isZero();
    }

    /** Adds a route that takes a millisecond for each event. */
    private void takeTime(String uri, CountDownLatch taken) throws Exception {
        handle(
                uri,
                e -> {
                    received.add(Received.of(e));
                    taken.countDown();
                    TimeUnit.MILLISECONDS.sleep(1);
                });
    }

    private Duration timeToStop() {
        long start = System.nanoTime();
        context.stop();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void pausesWhileSuspendedAndGoesOnWhenResumed() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 3_000));
        CountDownLatch begun = new CountDownLatch(10);
        takeTime(uri("2026-10-05", "2026-10-05"), begun);
        context.start();
        await().until(() -> begun.getCount() == 0);

        context.getRouteController().suspendRoute("export");
        await().until(() -> !consumer().isPolling());
        int suspended = received.size();
        assertThat(suspended).isLessThan(3_000);

        context.getRouteController().resumeRoute("export");
        await().until(() -> received.size() >= 3_000);
        assertThat(bodies()).containsExactly(lines("2026-10-05", 3_000));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void goesOnWhenItIsStartedWhileItIsSuspended() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 3_000));
        CountDownLatch begun = new CountDownLatch(10);
        takeTime(uri("2026-10-05", "2026-10-05"), begun);
        context.start();
        await().until(() -> begun.getCount() == 0);

        context.suspend();
        context.start();
        consumer().suspend();
        consumer().start();

        await().until(() -> received.size() >= 3_000);
        assertThat(bodies()).containsExactly(lines("2026-10-05", 3_000));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void goesOnWhenItIsResumedAfterItWasSuspendedWhileItWasStopped() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3));
        collect(uri("2026-10-05", "2026-10-05"));
        context.start();
        consumer().stop();
        consumer().suspend();

        consumer().resume();

        await().until(() -> received.size() == 3 && consumer().isFirstPollDone());
        assertThat(consumer().snapshot()).isPresent();
    }

    @Test
    void goesOnThoughTheRouteStillHasAnExchangeFromBeforeTheStop() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 3));
        Semaphore busy = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        AtomicBoolean first = new AtomicBoolean(true);
        handle(
                uri("2026-10-05", "2026-10-05"),
                e -> {
                    if (first.getAndSet(false)) {
                        busy.release();
                        go.acquireUninterruptibly();
                    }
                    received.add(Received.of(e));
                });
        context.start();
        busy.acquire();

        consumer().stop();
        consumer().start();

        await().until(() -> received.size() == 3);
        assertThat(bodies()).containsExactly(lines("2026-10-05", 3));
        go.release();
    }

    /** As an operator stops it by JMX, who would rather have it run than lose what it does. */
    @Test
    void goesOnAfterAStopThatWasAbortedBecauseTheRouteIsBusy() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 50));
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handle(
                uri("2026-10-05", "2026-10-05"),
                e -> {
                    if (received.size() == 10) {
                        busy.countDown();
                        go.await();
                    }
                    received.add(Received.of(e));
                });
        context.start();
        busy.await();
        ObjectName route =
                new ObjectName(
                        "org.apache.camel:context="
                                + context.getManagementName()
                                + ",type=routes,name=\"export\"");

        Object stopped =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                route,
                                "stop",
                                new Object[] {1L, true},
                                new String[] {"java.lang.Long", "java.lang.Boolean"});

        assertThat(stopped).isEqualTo(false);
        go.countDown();
        await().until(() -> received.size() >= 50);
        assertThat(bodies()).containsExactly(lines("2026-10-05", 50));
        assertThat(mixpanel.queries()).hasSize(1);
        await().until(() -> !consumer().isPolling());
        assertThat(consumer().getStatus()).isEqualTo(ServiceStatus.Started);
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void asksNothingUntilTheRouteIsStarted() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("2026-10-05", "2026-10-05"))
                                .routeId("export")
                                .autoStartup(false)
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        assertThat(mixpanel.queries()).isEmpty();
        assertThat(state()).doesNotExist();

        context.getRouteController().startRoute("export");

        await().until(() -> received.size() == 3);
    }

    @Test
    void doesNotPollWhenTheSchedulerIsNotToStart() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3));
        collect(uri("2026-10-05", "2026-10-05", "startScheduler=false"));
        context.start();

        assertThat(consumer().isSchedulerStarted()).isFalse();

        consumer().startScheduler();
        await().until(() -> received.size() == 3);
    }

    @Test
    void exportsEverythingInOnePollAndNoMore() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3)).addEvents(lines("2026-10-07", 3));
        collect(uri("2026-10-05", "2026-10-07", "repeatCount=1"));
        context.start();

        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(6);
        assertThat(mixpanel.queries()).hasSize(3);
    }

    @Test
    void asksNothingAgainAfterARestart() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3));
        String uri = uri("2026-10-05", "2026-10-06", "repeatCount=1");
        collect(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        restart();
        collect(uri);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(3);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void restartsARouteInTheSameContext() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 3));
        collect(uri("2026-10-05", "2026-10-05"));
        context.start();
        await().until(() -> received.size() == 3);

        for (int i = 0; i < 3; i++) {
            context.getRouteController().stopRoute("export");
            context.getRouteController().startRoute("export");
        }
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(3);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void endsAPollAtItsBoundAndGoesOnInTheNext() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 25));
        collect(uri("2026-10-05", "2026-10-05", "maxMessagesPerPoll=10", "repeatCount=2"));
        context.start();

        await().until(() -> consumer().getCounter() > 2);

        assertThat(bodies()).containsExactly(java.util.Arrays.copyOf(lines("2026-10-05", 25), 20));
    }

    @Test
    void sendsAnEmptyMessageWhenIdleAndToldTo() throws Exception {
        CountDownLatch empty = new CountDownLatch(1);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("2026-10-05", "2026-10-05", "sendEmptyMessageWhenIdle=true"))
                                .process(
                                        (Exchange e) -> {
                                            if (e.getMessage().getBody() == null) {
                                                empty.countDown();
                                            }
                                        });
                    }
                });
        context.start();

        await().until(() -> empty.getCount() == 0);
    }
}
