package io.github.camelmixpanel.export.internal.limit;

import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.internal.settings.TaskSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Says when the next query may start, so that no rolling hour and no rolling second ever contains
 * more starts than the limits allow.
 *
 * <p>The server counts arrivals, and the time from admission to arrival varies: a first connection
 * takes a second on a slow machine, later ones nothing. So a query counts as of now until it is
 * sent, and from then on as of that moment. A margin of 1 s on the hour and half a second on the
 * second covers the rest of the way (assumed; not documented). Mixpanel documents the limits in
 * "Rate limits" and responds as if its hour were rolling (observed); whether failed queries count
 * is unknown, so all do (assumed).
 *
 * <p>A query that another process sends no later than {@code startBy} counts as started at that
 * time: no hour that contains it ends earlier. So a start may be slightly later than now. One later
 * than {@link #LATEST}, left by a clock that was set back between two runs, counts as now: the next
 * start is then at most an hour away, and no more queries are admitted than before. A clock that
 * was set forward between two runs is believed.
 *
 * <p>No clock inside, not thread-safe: its owner guards it.
 */
final class SlidingLog {

    /** How long a start counts towards {@link Limits#queriesPerHour()}. */
    static final Duration HOUR = Duration.ofHours(1).plusSeconds(1);

    /** How far a start on disk may differ from the moment at which its query was sent. */
    static final Duration TOLERATED = Duration.ofSeconds(1);

    /** How far an intended start may be later than now. */
    static final Duration LATEST = TaskSettings.LONGEST_START.plus(TaskSettings.CLOCKS_AGREE);

    /** How long a start counts towards {@link Limits#queriesPerSecond()}. */
    static final Duration SECOND = Duration.ofSeconds(1).plusMillis(500);

    private final Span hour;
    private final Span second;

    /**
     * @throws IllegalArgumentException when a limit is below 1
     */
    SlidingLog(Limits limits) {
        hour = new Span("queriesPerHour", limits.queriesPerHour(), HOUR);
        second = new Span("queriesPerSecond", limits.queriesPerSecond(), SECOND);
    }

    private SlidingLog(SlidingLog other) {
        hour = new Span(other.hour);
        second = new Span(other.second);
    }

    SlidingLog copy() {
        return new SlidingLog(this);
    }

    /**
     * The first instant, now or later, at which a query may start.
     *
     * @param reserved how many of the hour's queries to leave for others
     */
    Instant earliestStart(Instant now, int reserved) {
        return later(hour.earliestStart(now, reserved), second.earliestStart(now, 0));
    }

    /** Adds a start of an earlier run, or a future one. */
    void add(Instant start) {
        hour.add(start);
        second.add(start);
    }

    /** A query may be sent: it counts as of now until one of the next two methods is called. */
    void admitted() {
        hour.unsent++;
        second.unsent++;
    }

    void sent(Instant at) {
        hour.unsent--;
        second.unsent--;
        add(at);
    }

    /** The query will never be sent: it counts towards the second, but not towards the hour. */
    void returned(Instant now) {
        hour.unsent--;
        second.unsent--;
        second.add(now);
    }

    void shift(Duration by) {
        hour.shift(by);
        second.shift(by);
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
     * The newest {@code most} starts, oldest first. Limits them by number and not by age: a clock
     * that jumps forward and back again loses none of them.
     */
    private static final class Span {

        private final int most;
        private final Duration length;
        private final Deque<Instant> newest;
        private int unsent;

        Span(String option, int most, Duration length) {
            if (most < 1) {
                throw new IllegalArgumentException(option + " must be 1 or more, not " + most);
            }
            this.most = most;
            this.length = length;
            this.newest = new ArrayDeque<>();
        }

        Span(Span other) {
            this.most = other.most;
            this.length = other.length;
            this.newest = new ArrayDeque<>(other.newest);
            this.unsent = other.unsent;
        }

        Instant earliestStart(Instant now, int reserved) {
            takeFutureAs(now);
            int over = newest.size() + unsent - Math.max(1, most - reserved);
            if (over < 0) {
                return now;
            }
            if (over >= newest.size()) {
                return now.plus(length);
            }
            return later(now, newest.stream().skip(over).findFirst().orElseThrow().plus(length));
        }

        void add(Instant start) {
            takeFutureAs(start);
            insert(start);
            if (newest.size() > most) {
                newest.removeFirst();
            }
        }

        private void insert(Instant start) {
            Deque<Instant> later = new ArrayDeque<>();
            while (!newest.isEmpty() && newest.getLast().isAfter(start)) {
                later.addFirst(newest.removeLast());
            }
            newest.addLast(start);
            newest.addAll(later);
        }

        int counting(Instant now) {
            takeFutureAs(now);
            long counting =
                    newest.stream().filter(start -> start.plus(length).isAfter(now)).count();
            return (int) Math.min(most, counting + unsent);
        }

        Optional<Instant> nextFreed(Instant now) {
            takeFutureAs(now);
            return newest.stream()
                    .map(start -> start.plus(length))
                    .filter(end -> end.isAfter(now))
                    .findFirst();
        }

        void shift(Duration by) {
            List<Instant> shifted = newest.stream().map(start -> start.plus(by)).toList();
            newest.clear();
            newest.addAll(shifted);
        }

        private void takeFutureAs(Instant now) {
            int future = 0;
            while (!newest.isEmpty() && newest.getLast().isAfter(now.plus(LATEST))) {
                newest.removeLast();
                future++;
            }
            for (; future > 0; future--) {
                insert(now);
            }
        }
    }
}
