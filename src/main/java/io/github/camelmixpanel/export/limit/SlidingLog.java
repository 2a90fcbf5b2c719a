package io.github.camelmixpanel.export.limit;

import io.github.camelmixpanel.export.model.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Says when the next query may start, so that no rolling hour and no rolling second ever holds more
 * starts than the limits allow.
 *
 * <p>The server counts arrivals, not starts, and the way there takes now more, now less time; a
 * margin of 1 s on the hour and half a second on the second makes up for that (assumed; nothing
 * about it is documented). Mixpanel documents the limits in "Rate limits" and answers as if its
 * hour were rolling (observed); whether failed queries count is unknown, so that all do (assumed).
 *
 * <p>A start later than now, left by a clock that has since jumped back, counts as now: that keeps
 * the next start at most an hour away, and admits no more than before. A jump forward is believed.
 *
 * <p>No clock inside, not thread-safe: its owner guards it.
 */
final class SlidingLog {

    /** How long a start counts towards {@link Limits#queriesPerHour()}. */
    static final Duration HOUR = Duration.ofHours(1).plusSeconds(1);

    /** How long a start counts towards {@link Limits#queriesPerSecond()}. */
    static final Duration SECOND = Duration.ofSeconds(1).plusMillis(500);

    /**
     * So many starts more than the limit are kept, for those that turn out never to have been sent.
     */
    private static final int SPARE = 100;

    private final Span hour;
    private final Span second;

    /**
     * @throws IllegalArgumentException when a limit is below 1
     */
    SlidingLog(Limits limits) {
        hour = new Span("queriesPerHour", limits.queriesPerHour(), HOUR);
        second = new Span("queriesPerSecond", limits.queriesPerSecond(), SECOND);
    }

    /**
     * The first instant, now or later, at which a query may start.
     *
     * @param kept so many of the hour's queries are left for others
     */
    Instant earliestStart(Instant now, int kept) {
        return later(hour.earliestStart(now, kept), second.earliestStart(now, 0));
    }

    /** Takes note of a start. */
    void add(Instant start) {
        hour.add(start);
        second.add(start);
    }

    /**
     * Takes a start back from the hour, as its query was never sent. One that the clock has moved
     * since stays.
     */
    void remove(Instant start) {
        hour.newest.removeLastOccurrence(start);
    }

    /** How many starts count towards the limit of the hour. */
    int startedInLastHour(Instant now) {
        return hour.counting(now);
    }

    /**
     * When the {@code nth} query from now may start at the earliest, by the limit of the hour
     * alone.
     *
     * @param nth 1 for the next one
     */
    Instant startOf(int nth, Instant now) {
        int before = nth - 1;
        return hour.earliestStart(now, before % hour.most)
                .plus(HOUR.multipliedBy(before / hour.most));
    }

    /** When the first start that counts towards the limit of the hour no longer does. */
    Optional<Instant> nextFreed(Instant now) {
        return hour.nextFreed(now);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /**
     * The newest starts, {@code most} and some to spare, oldest first. They are kept by number and
     * not by age, so that a clock that jumps forward and back again makes none of them forgotten.
     */
    private static final class Span {

        private final int most;
        private final Duration length;
        private final Deque<Instant> newest = new ArrayDeque<>();

        Span(String option, int most, Duration length) {
            if (most < 1) {
                throw new IllegalArgumentException(option + " must be 1 or more, not " + most);
            }
            this.most = most;
            this.length = length;
        }

        Instant earliestStart(Instant now, int kept) {
            takeFutureAs(now);
            int over = newest.size() - Math.max(1, most - kept);
            if (over < 0) {
                return now;
            }
            return later(now, newest.stream().skip(over).findFirst().orElseThrow().plus(length));
        }

        void add(Instant start) {
            takeFutureAs(start);
            if (newest.size() == most + SPARE) {
                newest.removeFirst();
            }
            newest.addLast(start);
        }

        int counting(Instant now) {
            takeFutureAs(now);
            long counting =
                    newest.stream().filter(start -> start.plus(length).isAfter(now)).count();
            return (int) Math.min(most, counting);
        }

        Optional<Instant> nextFreed(Instant now) {
            takeFutureAs(now);
            return newest.stream()
                    .map(start -> start.plus(length))
                    .filter(end -> end.isAfter(now))
                    .findFirst();
        }

        private void takeFutureAs(Instant now) {
            int future = 0;
            while (!newest.isEmpty() && newest.getLast().isAfter(now)) {
                newest.removeLast();
                future++;
            }
            for (; future > 0; future--) {
                newest.addLast(now);
            }
        }
    }
}
