package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.simulator.SimulatedEvent;
import io.github.camelmixpanel.export.simulator.TimeForm;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The events of a week: at random times, processed at once, up to six days late or when the promise
 * is about to end, shown up to 45 minutes after that, some repeated, compacted, deleted, restated,
 * merged or in a hot shard. Each has its number in the property {@code n}.
 */
final class WeeksEvents {

    /**
     * @param time when it happened
     * @param processed when Mixpanel had processed it
     * @param tells whether it says so
     * @param note a text with control characters that it has; or null
     */
    record Known(
            int n,
            LocalDate day,
            Instant time,
            TimeForm form,
            Instant processed,
            boolean tells,
            String note,
            SimulatedEvent event) {}

    private final Week week;
    private final Random random;
    private final Random controls;
    private final List<Known> all = new ArrayList<>();

    private WeeksEvents(Week week) {
        this.week = week;
        this.random = week.random("events");
        this.controls = week.random("controls");
    }

    /** The events, each at the index that is its number. */
    static List<Known> of(Week week) {
        WeeksEvents events = new WeeksEvents(week);
        int busiest = 20 + events.random.nextInt(60);
        for (int i = 0; i < Week.DAYS; i++) {
            LocalDate day = week.firstDay.plusDays(i);
            for (int left = events.random.nextInt(busiest); left > 0; left--) {
                events.add(day);
            }
        }
        return events.all;
    }

    /** The numbers of those that the route does not take until it is mended. */
    static Set<Integer> poison(Week week, List<Known> events) {
        Random poison = week.random("poison");
        return events.stream()
                .map(Known::n)
                .filter(n -> poison.nextDouble() < week.poison)
                .collect(Collectors.toSet());
    }

    private void add(LocalDate day) {
        int n = all.size();
        Instant start = week.startOf(day);
        long millis = Duration.between(start, week.startOf(day.plusDays(1))).toMillis();
        Instant time = start.plusMillis(random.nextLong(millis));
        TimeForm form =
                chance(4) ? Week.pick(random, List.of(TimeForm.values())) : TimeForm.SECONDS;
        Instant processed = chance(15) ? justInTime(day) : time.plus(lateness());
        boolean tells = !chance(12);
        SimulatedEvent event =
                SimulatedEvent.named(chance(2) ? "view" : "buy", time)
                        .timeForm(form)
                        .distinctId("device-" + random.nextInt(9))
                        .property("n", n)
                        .processedAt(processed);
        event = chance(10) ? event : event.insertId("i" + n);
        event = tells ? event : event.withoutProcessingTime();
        event = chance(2) ? event.shownAfter(upTo(Duration.ofMinutes(45))) : event;
        event = withHistory(event, processed);
        String note = null;
        if (week.controls && controls.nextInt(5) == 0) {
            note = "a" + control() + "b" + control();
            event = event.property("note", note).distinctId("device" + control() + n % 9);
            event = controls.nextBoolean() ? event : event.insertId("i" + control() + n);
        }
        all.add(new Known(n, day, time, form, processed, tells, note, event));
    }

    /** One that is written as it is. */
    private char control() {
        char any = (char) controls.nextInt(' ');
        return any == '\n' ? '\6' : any;
    }

    private SimulatedEvent withHistory(SimulatedEvent event, Instant processed) {
        SimulatedEvent changed = event;
        if (chance(6)) {
            changed = changed.repeatedAt(processed.plus(upTo(Duration.ofDays(2))));
            changed = chance(2) ? changed : changed.compactedAt(later(processed));
        }
        changed = chance(8) ? changed.mergedAt(later(processed), "user") : changed;
        changed = chance(10) ? changed.restatedAt(later(processed), "plan", "gold") : changed;
        changed = chance(25) ? changed.deletedAt(later(processed)) : changed;
        return chance(20) ? changed.hotShard() : changed;
    }

    private Duration lateness() {
        return switch (random.nextInt(6)) {
            case 0 -> upTo(Duration.ofDays(6));
            case 1 -> upTo(Duration.ofHours(12));
            default -> upTo(Duration.ofMinutes(1));
        };
    }

    /** In the last two hours of the promise, or barely after it. */
    private Instant justInTime(LocalDate day) {
        return week.promisedUntil(day).minus(upTo(Duration.ofHours(2))).plusSeconds(60);
    }

    private Instant later(Instant processed) {
        return processed.plus(upTo(Duration.ofDays(5)));
    }

    private Duration upTo(Duration longest) {
        return Duration.ofMillis(1 + random.nextLong(longest.toMillis()));
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }
}
