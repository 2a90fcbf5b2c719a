package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.database.TestDatabases;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Lives through a week: polls, pauses, restarts and crashes until no event of it is promised any
 * more, and one healthy stretch at the end.
 */
final class WeekRun implements AutoCloseable {

    private static final long NEVER = Long.MAX_VALUE;

    /** By how much this machine's clock may be ahead. */
    private static final List<Duration> CLOCKS =
            List.of(
                    Duration.ZERO,
                    Duration.ofMinutes(20),
                    Duration.ofMinutes(-20),
                    Duration.ofHours(5),
                    Duration.ofHours(-5),
                    Duration.ofDays(3),
                    Duration.ofDays(-3));

    private final Week week;
    private final Random random;
    private final Path folder;
    private final VirtualTime time;
    private final List<WeeksEvents.Known> events;
    private final MixpanelSimulator mixpanel;
    private final Map<LocalDate, List<String>> damage;
    private final RecordingRoute route;
    private final EndpointAccess endpoint;

    /** When each life ended by a crash, by its number; the first is 1. */
    private final List<Crash> crashes = new ArrayList<>();

    private final Path state;
    private final WeeksDatabase database;
    private Fetchers fetchers;
    private Application running;
    private Life life;
    private Instant lastPoll;
    private List<WindowStatus> waiting = List.of();

    /** By how much this machine's clock is ahead. */
    private volatile Duration ahead = Duration.ZERO;

    /**
     * @param context makes endpoints and HTTP clients; nothing runs in it
     * @param database keeps the state, so that each crash can take the state directory along; or
     *     null
     */
    WeekRun(Week week, Path folder, CamelContext context, WeeksDatabase database) throws Exception {
        this.database = database;
        this.week = week;
        this.random = week.random("run");
        this.folder = folder;
        this.time = new VirtualTime(week.start);
        this.events = WeeksEvents.of(week);
        this.mixpanel =
                MixpanelSimulator.builder()
                        .clock(time.observer())
                        .timeZone(week.zone)
                        .limits(week.queriesPerHour, 3, 100)
                        .shuffled(week.seed)
                        .shuffledProperties()
                        .missingRows(week.disagreeing ? 0.1 : 0, week.disagreement())
                        .start();
        events.forEach(known -> mixpanel.add(known.event()));
        this.damage = week.damaged ? Damage.of(week) : Map.of();
        damage.forEach((day, lines) -> mixpanel.addDay(day, Damage.bytes(lines)));
        this.route =
                new RecordingRoute(
                        time,
                        week.random("route"),
                        new Keys(week.insertIdAlone)::of,
                        week.work,
                        week.async,
                        week.refusals,
                        WeeksEvents.poison(week, events));
        this.state = folder.resolve("state");
        this.endpoint = new EndpointAccess(context, uri(context, state));
        if (week.tasks) {
            EndpointAccess other =
                    new EndpointAccess(context, uri(context, folder.resolve("fetchers")));
            this.fetchers = new Fetchers(week, other, time);
            route.sendTasksTo(fetchers);
        }
    }

    WeekRun run() throws Exception {
        Instant end = week.promisedUntil(week.lastDay()).plus(Duration.ofHours(1));
        while (time.now().isBefore(end)) {
            if (running == null && week.lifecycle && chance(2)) {
                liveInCamel();
            }
            if (running == null && !start(week.crashes && chance(2) ? lastStep() : NEVER)) {
                continue;
            }
            Faults.disturb(week, mixpanel, random);
            if (week.repairs && chance(6)) {
                running.repair(week.someDays(random));
            }
            if (week.poison > 0 && !week.tasks && chance(6)) {
                running.resume(
                        week.someDays(random)); // in vain, for those that the route never takes
            }
            if (week.fullDisks && chance(5)) {
                life.fill();
            }
            running.poll(goOn());
            life.free();
            running.flush();
            if (life.isOver()) {
                die();
            } else if (chance(12)) {
                stop();
            }
            time.sleep(pause());
            if (running != null) {
                setClock();
            }
        }
        settle();
        return this;
    }

    /** One run that ends in order. */
    private void liveInCamel() throws Exception {
        beginLife(NEVER);
        CamelContext fresh = new DefaultCamelContext();
        try (CamelLife camel =
                new CamelLife(
                        fresh,
                        uri(fresh, state),
                        time,
                        this::clock,
                        route,
                        life,
                        TestDatabases.inOneThread(time.observer()))) {
            for (int left = random.nextInt(4); left >= 0; left--) {
                Faults.disturb(week, mixpanel, random);
                camel.disturb(random);
                if (week.fullDisks && chance(5)) {
                    life.fill(); // not before: what is stopped then cannot write what it knows
                }
                camel.poll();
                life.free();
                time.sleep(pause());
                setClock();
            }
        }
    }

    private Instant clock() {
        return time.clock().instant().plus(ahead);
    }

    /** In order, unless it dies of it. */
    private void stop() throws Exception {
        outcomesTo(null);
        try {
            running.stop();
        } catch (ExportException e) {
            if (!life.isOver()) {
                throw e;
            }
        }
        running = null;
        if (life.isOver()) {
            dieWithTheDirectory();
            crashed();
        }
    }

    /** In the end nothing goes wrong any more, and as many polls are made as it takes. */
    private void settle() throws Exception {
        if (running != null) {
            stop();
        }
        ahead = Duration.ZERO;
        start(NEVER);
        // refused events come again in the next poll, and 40 messages may be all that one may emit
        int polls = 8 + events.size() / 20;
        if (week.poison > 0 && !week.tasks) {
            poll(polls + 26, false); // for more than a day, one poll an hour
            waiting = running.waiting();
        }
        route.mend();
        if (fetchers != null) {
            fetchers.behave();
        }
        // a day whose last export was too early by Mixpanel's clock is asked for by revisitInterval
        poll(polls + (week.wrongClock ? 48 : 0), !week.tasks);
        outcomesTo(null);
        running.stop();
        running = null;
    }

    private void poll(int polls, boolean resume) throws Exception {
        for (int i = 0; i < polls; i++) {
            time.sleep(Duration.ofHours(1));
            lastPoll = time.now();
            if (resume) {
                running.resume(new Window(week.firstDay, week.lastDay().plusDays(9)));
            }
            running.poll(() -> true);
        }
    }

    private void outcomesTo(Application process) throws InterruptedException {
        if (week.tasks) {
            fetchers.plannedBy(process);
        }
    }

    private void beginLife(long lastStep) {
        life = new Life(lastStep, time.observer());
        if (database != null) {
            database.begin(life);
        }
    }

    private boolean start(long lastStep) throws Exception {
        beginLife(lastStep);
        try {
            running =
                    new Application(
                            endpoint,
                            time,
                            this::clock,
                            route,
                            life,
                            TestDatabases.inOneThread(time.observer()));
            outcomesTo(running);
            return true;
        } catch (ExportException e) {
            if (!life.isOver()) {
                throw e;
            }
            dieWithTheDirectory();
            crashed();
            return false;
        }
    }

    private String uri(CamelContext context, Path state) {
        String uri = week.uri(mixpanel.baseUrl(), state);
        if (database == null || state != this.state) {
            return uri;
        }
        context.getRegistry().bind("weeks-database", database.dataSource());
        return uri + "&dataSource=#bean:weeks-database";
    }

    private void dieWithTheDirectory() throws Exception {
        if (database != null) {
            database.endLeases();
            if (Files.exists(state)) {
                Files.move(state, folder.resolve("dead-" + crashes.size()));
            }
        }
    }

    private void die() throws Exception {
        outcomesTo(null);
        running.bury();
        if (database != null) {
            running.release();
            running = null;
            dieWithTheDirectory();
            crashed();
            return;
        }
        Path left = folder.resolve("left");
        StateFolder.copy(state, left);
        running.release();
        running = null;
        // what it does while it is released does not happen when a process is killed
        Files.move(state, folder.resolve("dead-" + crashes.size()));
        Files.move(left, state);
        crashed();
    }

    private void crashed() throws InterruptedException {
        crashes.add(new Crash(route.lives(), life.end(), life.unwrittenSince(life.end())));
        time.sleep(chance(2) ? Duration.ofSeconds(20) : pause());
    }

    /** Some polls are cut short, as by a stop of the route. */
    private BooleanSupplier goOn() {
        int[] left = {chance(6) || life.isFull() ? 1 + random.nextInt(60) : Integer.MAX_VALUE};
        return () -> left[0]-- > 0;
    }

    /** Only while it runs: a process that starts cannot know what its clock was before. */
    private void setClock() {
        if (week.wrongClock && chance(5)) {
            ahead = Week.pick(random, CLOCKS);
        }
    }

    private Duration pause() {
        int longest = chance(15) ? 60 * 60 : 9 * 60;
        return Duration.ofMinutes(1 + random.nextInt(longest));
    }

    /** Early deaths are as likely as late ones, in orders of magnitude. */
    private long lastStep() {
        return (long) Math.exp(random.nextDouble() * Math.log(1_500));
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    Week week() {
        return week;
    }

    List<WeeksEvents.Known> events() {
        return events;
    }

    RecordingRoute route() {
        return route;
    }

    MixpanelSimulator mixpanel() {
        return mixpanel;
    }

    /** Lines that are no events, by day. */
    Map<LocalDate, List<String>> damage() {
        return damage;
    }

    /** The lines that the export has set aside, if they have survived. */
    Set<String> quarantined() throws IOException {
        return StateFolder.quarantined(week.tasks ? folder.resolve("fetchers") : state);
    }

    List<Crash> crashes() {
        return crashes;
    }

    /** Whether a crash may take a verified body along. */
    boolean losesBodies() {
        return database != null && !week.tasks;
    }

    /** Windows that waited when only poison was wrong any more. */
    List<WindowStatus> waiting() {
        return waiting;
    }

    /** Who carries out tasks; null if there are none. */
    Fetchers fetchers() {
        return fetchers;
    }

    /** When the last poll began. */
    Instant lastPoll() {
        return lastPoll;
    }

    @Override
    public void close() {
        if (fetchers != null) {
            fetchers.close();
        }
        time.close();
        mixpanel.close();
    }
}
