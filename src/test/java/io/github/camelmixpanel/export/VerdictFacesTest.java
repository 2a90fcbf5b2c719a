package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.State;
import io.github.camelmixpanel.export.internal.model.Verdict.WaitsFor;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In each state that an operator may find an export in, the page in a browser shows its verdict
 * with cause and end in the first 400 pixels of a phone and of a desk, and health check, JMX, dev
 * console, meters and log agree; its buttons do what they say.
 */
@Tag(FullBuild.TAG)
class VerdictFacesTest extends VerdictTestSupport {

    private static final LocalDate FIRST = LocalDate.parse("2026-11-02");
    private final CountDownLatch later = new CountDownLatch(1);

    @Test
    void working() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 20));
        mixpanel.answer(FIRST.plusDays(1), Answer.blockUntil(later));
        collect(uri("2026-11-02", "2026-11-03"));
        start();
        await().until(() -> consumer().snapshot().orElseThrow().counts().toRoute().windows() == 1);

        assertShown(State.WORKING, null, null, "Working", "Downloading 2026-11-03.", "1 of 2 days");
    }

    @Test
    void waitingForTheQuota() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 20));
        collect(uri("2026-09-20", "2026-11-25"));
        start();

        assertShown(
                State.WAITING,
                WaitsFor.QUOTA,
                null,
                "Waiting for the quota",
                "All 60 queries of the hour are used.",
                "Next free query at",
                "60 of 67 days");
    }

    @Test
    void waitingForTodaysReserve() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 20));
        collect(uri("2026-09-20", "2026-12-31", "lateEvents=LOOKBACK"));
        start();

        assertShown(
                State.WAITING,
                WaitsFor.RESERVE,
                null,
                "Waiting: the rest of the hour is kept for today",
                "The last 6 queries of each hour are kept for today's events.",
                "Goes on at");
    }

    @Test
    void pausedAfter429() throws Exception {
        mixpanel.answer(Answer.rateLimited("1800"));
        collect(uri("2026-11-02", "2026-11-02"));
        start();

        assertShown(
                State.WAITING,
                WaitsFor.PAUSE,
                Kind.PAUSE,
                "Waiting: Mixpanel pauses the project",
                "Mixpanel answered 429 (too many queries).",
                "in 30 min");
        assertThat(buttons()).isEmpty();
    }

    @Test
    void refusedCredentials() throws Exception {
        mixpanel.answer(Answer.status(401, "text/plain", "Unauthorized", Map.of()));
        collect(uri("2026-11-02", "2026-11-02"));
        start();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.CREDENTIALS,
                "Needs you",
                "Set credentials that Mixpanel accepts, then restart the route.",
                "Mixpanel answered 401");
        assertThat(buttons()).as("none would help").isEmpty();
    }

    @Test
    void wrongRegion() throws Exception {
        collect(uri("2026-11-02", "2026-11-04"));
        start();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.EMPTY,
                "Needs you",
                "Check region, projectId, events and where: Mixpanel has no event in these days.",
                "3 of 3 days");
    }

    @Test
    void brokenDayThatIsTriedAgain() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 20)).addEvents(lines("2026-11-03", 20));
        mixpanel.answer(FIRST, Answer.status(400, "text/plain", "no such thing", Map.of()));
        collect(uri("2026-11-02", "2026-11-03"));
        start();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.QUERY,
                "Needs you",
                "no such thing",
                "in 60 min",
                "1 of 2 days");
        shoot("trouble");
        press("RESUME", "2026-11-02: Tried again at once: 2026-11-02.");
        await().until(() -> received.size() == 40);
        assertShown(State.FINISHED, null, null, "Finished", "2 of 2 days");
        assertThat(text(".table[aria-label=\"Last runs\"] tbody"))
                .as("queries, windows, failed and events of both runs, the last first")
                .matches(".* s11020.* s21120.*");
    }

    @Test
    void failingRouteThatIsFixed() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        mixpanel.addEvents(lines("2026-11-02", 20));
        failing(uri("2026-11-02", "2026-11-02", "retryDelay=60000"), line -> down.get());
        start();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.ROUTE,
                "Needs you",
                "Fix the route, or what it sends to: the events are emitted again by themselves.",
                "java.lang.IllegalStateException: no room",
                "Tried again at");
        down.set(false);
        press("RESUME", "2026-11-02: Tried again at once: 2026-11-02.");
        assertShown(State.FINISHED, null, null, "Finished", "1 of 1 days");
    }

    @Test
    void parkedEventThatIsDropped() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 200));
        failing(uri("2026-11-02", "2026-11-02", "onFailure=PARK"), line -> line == 7);
        start();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.PARKED_EVENTS,
                "Needs you",
                "Fix the route, then resume the parked events, or drop them.",
                "1 event is parked.");
        press("DROP", "2026-11-02: Dropped what is parked: 2026-11-02.");
        assertShown(State.FINISHED, null, null, "Finished");
    }

    @Test
    void parkedWindowThatIsResumed() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        mixpanel.addEvents(lines("2026-11-02", 100));
        failing(
                uri("2026-11-02", "2026-11-02", "onFailure=PARK"),
                line -> down.get() && line % 10 == 0);
        start();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.PARKED_WINDOW,
                "Needs you",
                "Fix the route, then resume the parked window, or drop it.",
                "0 of 1 days");
        down.set(false);
        press("RESUME", "2026-11-02: Tried again at once: 2026-11-02.");
        assertShown(State.FINISHED, null, null, "Finished");
    }

    @Test
    void diskThatTakesNothing() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 20));
        collect(uri("2026-11-02", "2026-11-02", "startScheduler=false"));
        start();
        Path spool = exportFolder().resolve("spool");
        Files.delete(spool);
        Files.writeString(spool, "no folder");
        consumer().startScheduler();

        assertShown(
                State.NEEDS_YOU, null, Kind.DISK, "Needs you", "Free disk space for the spool.");
        assertThat(buttons()).as("none would help").isEmpty();
    }

    @Test
    void stateOutOfReach() throws Exception {
        BreakingDataSource database = new BreakingDataSource(StateKind.H2.newDatabase());
        context.getRegistry().bind("db", database);
        mixpanel.addEvents(lines("2026-11-02", 20));
        CountDownLatch download = new CountDownLatch(1);
        mixpanel.answer(FIRST, Answer.blockUntil(download));
        collect(uri("2026-11-02", "2026-11-02", "dataSource=#bean:db"));
        start();
        await().until(() -> mixpanel.queries().size() == 1);
        database.whenConnecting(
                () -> {
                    throw new SQLException("out of connections");
                });
        time.advance(Duration.ofMinutes(5));

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.STATE,
                "Needs you",
                "Make the state directory, or the database of dataSource, writable again.",
                "out of connections",
                "The export emits nothing until it is");
        assertThat(buttons()).as("none would help").isEmpty();
        database.whenConnecting(() -> {});
        download.countDown();
        time.letGo();
        assertShown(State.FINISHED, null, null, "Finished", "1 of 1 days");
    }

    @Test
    void stateThatIsTakenOver() throws Exception {
        DataSource database = StateKind.H2.newDatabase();
        context.getRegistry().bind("db", database);
        CountDownLatch download = new CountDownLatch(1);
        mixpanel.addEvents(lines("2026-11-02", 20));
        mixpanel.answer(FIRST, Answer.blockUntil(download));
        collect(uri("2026-11-02", "2026-11-02", "dataSource=#bean:db"));
        start();
        await().until(() -> mixpanel.queries().size() == 1);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE mixpanel_export_owner SET fence = fence + 1, owner = 'process 7'"
                            + " WHERE scope LIKE 'exports/%'");
        }
        time.letGo();

        assertShown(
                State.NEEDS_YOU,
                null,
                Kind.TAKEN_OVER,
                "Needs you",
                "Stop this route, or the other process: only one may have the state.",
                "was taken over by process 7",
                "to take over again, restart this route");
        assertThat(buttons()).as("none would help").isEmpty();
        download.countDown();
    }

    @Test
    void standby() throws Exception {
        CamelContext owner = newContext();
        owner.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("2026-11-02", "2026-11-02")).process(e -> {});
                    }
                });
        owner.start();
        try {
            collect(uri("2026-11-02", "2026-11-02", "onStateInUse=WAIT"));
            start();
            assertShown(State.STANDBY, null, null, "Standby", "is already open in this process");
        } finally {
            owner.stop();
        }
    }

    @Test
    void idleUntilTomorrow() throws Exception {
        mixpanel.addEvents(lines("2026-11-30", 20));
        collect(uri("2026-11-30", "2026-12-31"));
        start();

        assertShown(
                State.WAITING,
                WaitsFor.NEXT_POLL,
                null,
                "Waiting for the next poll",
                "Nothing is due.",
                "Due next at",
                "in 13 h");
    }

    @Test
    void stopped() throws Exception {
        mixpanel.addEvents(lines("2026-11-02", 20));
        collect(uri("2026-11-02", "2026-11-02"));
        start();
        await().until(() -> received.size() == 20);
        context.getRouteController().suspendRoute("export");

        assertShown(
                State.STOPPED,
                null,
                null,
                "Stopped",
                "The route is suspended; resume it to go on.");
    }

    @Test
    void twoYearsOnOneScreen() throws Exception {
        for (LocalDate day = LocalDate.parse("2025-07-01");
                day.isBefore(FIRST);
                day = day.plusDays(1)) {
            mixpanel.addEvents(lines(day.toString(), 1 + 7 * day.getDayOfMonth() % 30));
        }
        collect(uri("2024-12-02", "2026-12-01", "windowDays=7", "backfillOrder=NEWEST"));
        start();

        assertShown(
                State.WAITING,
                WaitsFor.QUOTA,
                null,
                "Waiting for the quota",
                "of 730 days exported");
        assertThat(bottom(".calendar")).isLessThanOrEqualTo(800);
        browser.run("document.querySelector('[data-day=\"2026-10-20\"]').click()");
        assertThat(text(".details")).startsWith("2026-10-20: exported, final, window ");
        assertThat(bottom(".details")).isLessThanOrEqualTo(800);
        int lengthAsPage =
                browser.run(
                                "return fetch('status.json', { headers: { 'X-Mixpanel-Export':"
                                        + " 'page test=' + [Object.keys(known.test)[0],"
                                        + " ...Object.values(known.test).map(it => it.tag)].join('.') } })"
                                        + ".then(it => it.text()).then(it => it.length)")
                        .asInt();
        assertThat(lengthAsPage).as("once it has the days").isBetween(500, 30_000);
        shoot("two-years");
        browser.run("document.body.append(new Image())"); // where no refresh removes it
        assertThat(browser.accessibilityViolations())
                .as("that violations are found")
                .containsExactly("image-alt: <img>");
        browser.run("document.body.lastChild.remove()");
        browser.phone(390, 844);
        assertThat(text(".details")).startsWith("2026-10-20");
        assertThat(bottom(".details")).as("beside the day, in sight").isLessThanOrEqualTo(844 * 2);
        browser.desktop();
    }

    private void failing(String uri, LongPredicate fails) throws Exception {
        handle(
                uri,
                e -> {
                    if (fails.test(
                            e.getMessage().getHeader(MixpanelExportConstants.LINE, Long.class))) {
                        throw new IllegalStateException("no room");
                    }
                    received.add(Received.of(e));
                });
    }
}
