package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.database.TestDatabases;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

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
    private final RecordingRoute route;
    private final CamelContext context;
    private final EndpointAccess endpoint;

    /** When each life ended by a crash, by its number; the first is 1. */
    private final List<Crash> crashes = new ArrayList<>();

    private final Path state;
    private final WeeksDatabase database;
    private Application running;
    private Life life;
    private Instant lastPoll;

    /** By how much this machine's clock is ahead. */
    private volatile Duration ahead = Duration.ZERO;

    /**
     * The end of a life that nobody wanted.
     *
     * @param unwrittenSince since when the disk took nothing, or as {@code at}
     */
    record Crash(int life, Instant at, Instant unwrittenSince) {}

    /**
     * @param context makes endpoints and HTTP clients; nothing runs in it
     * @param database keeps the state, so that each crash can take the state directory along; or
     *     null
     */
    WeekRun(Week week, Path folder, CamelContext context, WeeksDatabase database) {
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
                        .start();
        events.forEach(known -> mixpanel.add(known.event()));
        this.route =
                new RecordingRoute(
                        time,
                        week.random("route"),
                        new Keys(week.insertIdAlone)::of,
                        week.work,
                        week.async,
                        week.refusals,
                        poison());
        this.context = context;
        this.state = folder.resolve("state");
        this.endpoint = new EndpointAccess(context, uri());
    }

    WeekRun run() throws Exception {
        Instant end = week.promisedUntil(week.lastDay()).plus(Duration.ofHours(1));
        while (time.now().isBefore(end)) {
            if (running == null && !start(week.crashes && chance(2) ? lastStep() : NEVER)) {
                continue;
            }
            disturb();
            if (week.repairs && chance(6)) {
                running.repair(days());
            }
            if (week.poison > 0 && chance(6)) {
                running.resume(days()); // in vain, for those that the route never takes
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
            setClock();
        }
        settle();
        return this;
    }

    /** In order, unless it dies of it. */
    private void stop() throws Exception {
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
        route.mend();
        start(NEVER);
        // refused events come again in the next poll, and 40 messages may be all that one may emit
        int polls = 8 + events.size() / 20;
        // a day whose last export was too early by Mixpanel's clock is asked for by revisitInterval
        for (int i = 0; i < polls + (week.wrongClock ? 48 : 0); i++) {
            time.sleep(Duration.ofHours(1));
            lastPoll = time.now();
            running.resume(new Window(week.firstDay, week.lastDay().plusDays(9)));
            running.poll(() -> true);
        }
        running.stop();
        running = null;
    }

    private boolean start(long lastStep) throws Exception {
        life = new Life(lastStep, time.observer());
        if (database != null) {
            database.begin(life);
        }
        try {
            running =
                    new Application(
                            context,
                            endpoint,
                            time,
                            () -> time.clock().instant().plus(ahead),
                            route,
                            life,
                            TestDatabases.inOneThread(time.observer()));
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

    private String uri() {
        StringBuilder uri = new StringBuilder("mixpanel-export:week?accessToken=any&projectId=7");
        uri.append("&baseUrl=").append(mixpanel.baseUrl());
        uri.append("&stateDirectory=").append(state);
        if (database != null) {
            context.getRegistry().bind("weeks-database", database.dataSource());
            uri.append("&dataSource=#bean:weeks-database");
        }
        week.options().forEach((name, value) -> uri.append('&' + name + '=' + value));
        return uri.toString();
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
        running.bury();
        if (database != null) {
            running.release();
            running = null;
            dieWithTheDirectory();
            crashed();
            return;
        }
        Path left = folder.resolve("left");
        copy(state, left);
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

    private Set<Integer> poison() {
        Random poison = week.random("poison");
        return events.stream()
                .map(WeeksEvents.Known::n)
                .filter(n -> poison.nextDouble() < week.poison)
                .collect(Collectors.toSet());
    }

    /** Of which somebody thinks that they are not whole. */
    private Window days() {
        LocalDate first = week.firstDay.plusDays(random.nextInt(Week.DAYS));
        return new Window(first, first.plusDays(random.nextInt(3)));
    }

    /** Only while it runs: a process that starts cannot know what its clock was before. */
    private void setClock() {
        if (week.wrongClock && running != null && chance(5)) {
            ahead = Week.pick(random, CLOCKS);
        }
    }

    private void disturb() {
        if (!week.faults || !chance(3)) {
            return;
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            mixpanel.answer(fault());
        }
    }

    private Answer fault() {
        return switch (random.nextInt(10)) {
            case 0 -> Answer.reset(random.nextDouble());
            case 1 -> Answer.close(random.nextDouble());
            case 2 -> Answer.noAnswer();
            case 3 -> Answer.gzipCut(0.1 + 0.9 * random.nextDouble());
            case 4 -> Answer.gzipWrongCrc();
            case 5 -> Answer.cutInLine();
            case 6 -> Answer.terminatedEarly("terminated early", random.nextBoolean(), true);
            case 7 -> Answer.missingLastChunk();
            case 8 -> Answer.rateLimited("90");
            default -> Answer.status(503, "text/plain", "unavailable", Map.of());
        };
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

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
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

    List<Crash> crashes() {
        return crashes;
    }

    /** Whether a crash may take a verified body along. */
    boolean losesBodies() {
        return database != null;
    }

    /** When the last poll began. */
    Instant lastPoll() {
        return lastPoll;
    }

    @Override
    public void close() {
        time.close();
        mixpanel.close();
    }
}
