package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.observe.SnapshotJson;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever looks at an export sees it whole, whatever it does at that moment. */
class SnapshotRaceTest extends ExportTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-10-05");
    private static final int DAYS = 6;
    private static final int EVENTS = 200;
    private static final int ROUNDS = 6;
    private static final Set<WindowState> WITH_BODY =
            EnumSet.of(WindowState.SPOOLED, WindowState.EMITTING, WindowState.PARKED);

    private final AtomicInteger looks = new AtomicInteger();
    private final Set<WindowState> seen = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Throwable> torn = new AtomicReference<>();
    private volatile MixpanelExportConsumer watched;
    private volatile boolean over;
    private List<Thread> watchers = List.of();

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(6_000, 100, 100);
    }

    @Test
    void noLookIsTornWhileAnExportRunsFailsStopsAndStartsAgain() throws Exception {
        watchers = List.of(new Thread(this::watch), new Thread(this::watch));
        for (int i = 0; i < DAYS; i++) {
            mixpanel.addEvents(lines(FIRST.plusDays(i).toString(), EVENTS));
        }
        AtomicInteger exchanges = new AtomicInteger();
        for (int round = 0; round < ROUNDS; round++) {
            LocalDate day = FIRST.plusDays(round % DAYS);
            mixpanel.answer(day, Answer.gzipWrongCrc());
            mixpanel.answer(day.plusDays(1), Answer.status(503, "text/plain", "busy", Map.of()));
            route(
                    uri(
                            FIRST.toString(),
                            FIRST.plusDays(DAYS - 1).toString(),
                            "stateDirectory=" + temp.resolve("state" + round / 2),
                            "maxConcurrentWindows=3",
                            "maxInFlight=10",
                            "maxRedeliveries=1",
                            "retryDelay=1"),
                    each -> takeMost(exchanges.incrementAndGet()));
            context.start();
            watched = consumer();
            watchers.stream()
                    .filter(it -> it.getState() == Thread.State.NEW)
                    .forEach(Thread::start);
            goOn(exchanges, 150);
            context.getRouteController().stopRoute("export");
            goOnLooking();
            context.getRouteController().startRoute("export");
            goOn(exchanges, 50);
            restart();
            goOnLooking();
        }
        stopWatching();

        assertThat(torn.get()).isNull();
        assertThat(looks.get()).as("looks").isGreaterThan(ROUNDS * 10);
        assertThat(seen).contains(WindowState.FETCHING, WindowState.SPOOLED, WindowState.EMITTING);
    }

    private void route(String uri, Processor each) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler()); // it would log each failure
                        from(uri).routeId("export").process(each);
                    }
                });
    }

    private static void takeMost(int nth) {
        if (nth % 7 == 0) {
            throw new IllegalStateException("refused");
        }
    }

    /** Waits for so many exchanges more, or for the end of what is due. */
    private void goOn(AtomicInteger exchanges, int more) {
        int before = exchanges.get();
        await().until(
                        () ->
                                exchanges.get() >= before + more
                                        || watched.isFirstPollDone()
                                        || torn.get() != null);
    }

    private void goOnLooking() {
        int before = looks.get();
        await().until(() -> looks.get() >= before + 4 || torn.get() != null);
    }

    @AfterEach
    void stopWatching() throws InterruptedException {
        over = true;
        for (Thread watcher : watchers) {
            watcher.join();
        }
    }

    /** As the health check, JMX and the page do. */
    private void watch() {
        try {
            while (!over) {
                MixpanelExportConsumer consumer = watched;
                Optional<ExportSnapshot> snapshot = consumer.snapshot();
                snapshot.ifPresent(this::check);
                consumer.recentSnapshot().get().ifPresent(this::check);
                consumer.getHealthCheck().call();
                consumer.trouble();
                looks.incrementAndGet();
            }
        } catch (Throwable e) {
            torn.compareAndSet(null, e);
        }
    }

    private void check(ExportSnapshot snapshot) {
        for (WindowStatus window : snapshot.work().windows()) {
            seen.add(window.state());
            check(window);
            for (DayStatus day : snapshot.work().days()) {
                if (window.window().sharesADayWith(Window.ofDay(day.day()))) {
                    assertThat(day.state()).as(day.toString()).isEqualTo(window.state());
                }
            }
        }
        assertThat(snapshot.usage().inFlight()).isBetween(0, snapshot.usage().maxInFlight());
        assertThat(snapshot.pace().toGo().isPresent() && snapshot.work().windows().isEmpty())
                .isFalse();
        assertThat(snapshot.work().windows().stream().flatMap(it -> it.trouble().stream()))
                .allMatch(one -> snapshot.troubles().stream().anyMatch(one::isLike));
        assertThat(SnapshotJson.of(snapshot).toJson()).startsWith("{");
    }

    private static void check(WindowStatus window) {
        boolean hasBody = WITH_BODY.contains(window.state());
        String what = window.toString();
        assertThat(window.state()).as(what).isNotEqualTo(WindowState.COMMITTED);
        assertThat(window.download().lines()).as(what).isEqualTo(hasBody ? EVENTS : 0);
        assertThat(window.download().bytes()).as(what).isGreaterThanOrEqualTo(hasBody ? 100 : 0);
        assertThat(window.acknowledgedLines()).as(what).isBetween(0L, window.download().lines());
        assertThat(window.waitsUntil().isPresent())
                .as(what)
                .isEqualTo(window.state() == WindowState.RETRY_WAIT);
        assertThat(window.trouble().isPresent() || window.state() != WindowState.RETRY_WAIT)
                .as(what)
                .isTrue();
        assertThat(window.download().querying() && window.state() != WindowState.FETCHING)
                .as(what)
                .isFalse();
    }
}
