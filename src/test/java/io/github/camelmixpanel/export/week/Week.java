package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.LateEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * All that a seed decides before a week begins: the project, the options of the export, and how its
 * route works. The same seed always gives the same. Immutable.
 */
final class Week {

    static final int DAYS = 7;

    private record Place(String zone, String firstDay) {}

    /** Weeks in which the clock changes, forward and back, once by half an hour. */
    private static final List<Place> PLACES =
            List.of(
                    new Place("UTC", "2026-10-20"),
                    new Place("UTC", "2024-02-26"),
                    new Place("Europe/Berlin", "2026-10-21"),
                    new Place("Europe/Berlin", "2026-03-26"),
                    new Place("America/New_York", "2026-10-29"),
                    new Place("America/New_York", "2026-03-05"),
                    new Place("Australia/Lord_Howe", "2026-04-02"),
                    new Place("Australia/Lord_Howe", "2026-10-01"));

    final long seed;
    final ZoneId zone;
    final LocalDate firstDay;
    final LateEvents mode;
    final boolean insertIdAlone;
    final int lookbackDays;
    final int arrivalDays;
    final int queriesPerHour;
    final int maxInFlight;
    final int batchSize;
    final Instant start;
    final Duration work;
    final boolean async;
    final double refusals;
    final boolean crashes;
    final boolean faults;

    /** How likely the route takes an event never, until it is mended. */
    final double poison;

    /** Whether somebody asks for days again. */
    final boolean repairs;

    /** Whether the disk is full now and then. */
    final boolean fullDisks;

    /** Whether texts of events have control characters. */
    final boolean controls;

    /** Whether some days have lines that are no events, in every answer. */
    final boolean damaged;

    /** Whether days are exported by others, as tasks. */
    final boolean tasks;

    /** Whether some runs are routes of Camel, stopped and started in all ways there are. */
    final boolean lifecycle;

    /** Whether answers lack events that others have. */
    final boolean disagreeing;

    /** Whether somebody sets this machine's clock. */
    final boolean wrongClock;

    private final Map<String, String> options = new LinkedHashMap<>();

    Week(long seed) {
        this.seed = seed;
        Random random = random("week");
        Place place = pick(random, PLACES);
        zone = ZoneId.of(place.zone);
        firstDay = LocalDate.parse(place.firstDay);
        mode =
                pick(
                        random,
                        List.of(
                                LateEvents.LOOKBACK,
                                LateEvents.LOOKBACK,
                                LateEvents.ARRIVAL,
                                LateEvents.ARRIVAL,
                                LateEvents.NONE));
        insertIdAlone = random.nextBoolean();
        lookbackDays = pick(random, List.of(1, 1, 2, 3, 5, 6));
        arrivalDays = pick(random, List.of(1, 3, 30));
        queriesPerHour = pick(random, List.of(15, 30, 60, 60));
        maxInFlight = pick(random, List.of(1, 3, 16));
        batchSize = pick(random, List.of(1, 1, 4));
        work = Duration.ofMillis(pick(random, List.of(0, 20, 150, 1_100)));
        async = random.nextInt(3) > 0;
        refusals = pick(random, List.of(0.0, 0.0, 0.02));
        crashes = random.nextInt(4) > 0;
        faults = random.nextInt(4) > 0;
        start =
                startOf(firstDay.plusDays(random.nextInt(4)))
                        .plus(Duration.ofMinutes(random.nextInt(24 * 60)));
        option("fromDate", firstDay);
        option("timeZone", zone);
        option("lateEvents", mode);
        option("dedupeKey", insertIdAlone ? "INSERT_ID" : "MIXPANEL");
        option("lookbackDays", lookbackDays);
        option("arrivalDays", arrivalDays);
        option("queriesPerHour", queriesPerHour);
        option("maxInFlight", maxInFlight);
        option("batchSize", batchSize);
        option("windowComplete", true);
        option("todayInterval", pick(random, List.of("2h", "5h", "11h")));
        option("revisitInterval", pick(random, List.of("12h", "24h", "40h")));
        option("windowDays", 1 + random.nextInt(3));
        option("maxConcurrentWindows", 1 + random.nextInt(3));
        option("backfillOrder", pick(random, List.of("OLDEST", "NEWEST")));
        option("maxMessagesPerPoll", pick(random, List.of(0, 0, 40)));
        option("timeInMs", random.nextInt(4) == 0);
        if (random.nextInt(4) > 0) {
            option("toDate", lastDay());
        }
        // later than all above: a seed that was there before keeps its week
        poison = pick(random, List.of(0.0, 0.0, 0.01, 0.05));
        repairs = random.nextInt(4) == 0;
        boolean setClock = random.nextInt(4) == 0;
        option("onFailure", pick(random, List.of("RETRY", "PARK")));
        option("maxRedeliveries", pick(random, List.of(0, 2, 5)));
        fullDisks = random.nextInt(3) == 0;
        controls = random.nextInt(3) == 0;
        damaged = random.nextInt(3) == 0;
        tasks = random.nextInt(5) == 0;
        if (tasks) {
            option("emit", "WINDOWS");
            option("batchSize", 1);
            option("taskTimeout", pick(random, List.of("5m", "40m", "3h")));
            option("taskStartTimeout", pick(random, List.of("10s", "1m")));
        }
        lifecycle = random.nextInt(8) == 0 && !tasks;
        // the lines of a damaged day must come twice, and what is missing once be exported again
        disagreeing = random.nextInt(4) == 0 && !damaged && mode != LateEvents.NONE;
        wrongClock = setClock && !tasks; // the clocks of planner and fetchers agree
        if (random.nextBoolean()) {
            option("windowDays", "auto");
            option("windowSize", pick(random, List.of("300", "2KB", "64MB")));
        }
    }

    private void option(String name, Object value) {
        options.put(name, value.toString());
    }

    static <T> T pick(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Chances of their own for each purpose, so that one more draw here changes nothing there. */
    Random random(String purpose) {
        return new Random(seed * 1_000_003 + purpose.hashCode());
    }

    String uri(String baseUrl, Path state) {
        StringBuilder uri = new StringBuilder("mixpanel-export:week?accessToken=any&projectId=7");
        uri.append("&baseUrl=").append(baseUrl);
        uri.append("&stateDirectory=").append(state);
        options.forEach((name, value) -> uri.append('&' + name + '=' + value));
        return uri.toString();
    }

    LocalDate lastDay() {
        return firstDay.plusDays(DAYS - 1);
    }

    /** One to three of them, for an operator who doubts that they are whole. */
    Window someDays(Random random) {
        LocalDate first = firstDay.plusDays(random.nextInt(DAYS));
        return new Window(first, first.plusDays(random.nextInt(3)));
    }

    Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    /**
     * For how long an event may be missing from answers: less than until the last export of its
     * day, whatever the zone.
     */
    Duration disagreement() {
        return Duration.ofDays(lookbackDays).minusHours(14);
    }

    /** What an export of this day shows from then on is promised: its last one comes later. */
    Instant promisedUntil(LocalDate day) {
        int days = mode == LateEvents.NONE ? 0 : lookbackDays;
        return startOf(day.plusDays(1)).plus(Duration.ofDays(days)).plus(Duration.ofHours(1));
    }

    @Override
    public String toString() {
        return "seed "
                + seed
                + " (rerun: -Dweek.seed="
                + seed
                + "): starts "
                + start
                + ", an exchange takes "
                + work.toMillis()
                + " ms, async "
                + async
                + ", refusals "
                + refusals
                + ", crashes "
                + crashes
                + ", faults "
                + faults
                + ", poison "
                + poison
                + ", repairs "
                + repairs
                + ", full disks "
                + fullDisks
                + ", control characters "
                + controls
                + ", damaged lines "
                + damaged
                + ", tasks "
                + tasks
                + ", lifecycle "
                + lifecycle
                + ", disagreeing "
                + disagreeing
                + ", wrong clock "
                + wrongClock
                + ", "
                + options;
    }
}
