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
 * Says when the next query may start, so that no rolling hour and no rolling second ever holds more
 * starts than the limits allow.
 *
 * <p>The server counts arrivals, and from the leave to start to the arrival it takes now more, now
 * less time: a first connection takes a second on a slow machine, and those after it none. So a
 * query counts as now until it has been sent, and as then from there on. For the way after that, a
 * margin of 1 s on the hour and half a second on the second makes up for that (assumed; nothing
 * about it is documented). Mixpanel documents the limits in "Rate limits" and answers as if its
 * hour were rolling (observed); whether failed queries count is unknown, so that all do (assumed).
 *
 * <p>A query that somebody else sends, some time before {@code startBy}, counts as started then: no
 * hour that holds it ends before. So a start may be a little later than now; one that is later than
 * {@link #LATEST}, left by a clock that was set back between two runs, counts as now: that keeps
 * the next start at most an hour away, and admits no more than before. A clock that was set forward
 * between two runs is believed.
 *
 * <p>No clock inside, not thread-safe: its owner guards it.
 */
final class SlidingLog {

    /** How long a start counts towards {@link Limits#queriesPerHour()}. */
    static final Duration HOUR = Duration.ofHours(1).plusSeconds(1);

    /** By so much a start that is on disk may differ from when its query was sent. */
    static final Duration TOLERATED = Duration.ofSeconds(1);

    /** By no more than this is a start later than now that is meant so. */
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

    /**
     * The first instant, now or later, at which a query may start.
     *
     * @param kept so many of the hour's queries are left for others
     */
    Instant earliestStart(Instant now, int kept) {
        return later(hour.earliestStart(now, kept), second.earliestStart(now, 0));
    }

    /** Takes note of a start of an earlier run, or of one to come. */
    void add(Instant start) {
        hour.add(start);
        second.add(start);
    }

    /** A query may be sent: it counts as now until one of the next two is told. */
    void admitted() {
        hour.unsent++;
        second.unsent++;
    }

    void sent(Instant now) {
        hour.unsent--;
        second.unsent--;
        add(now);
    }

    /** It never will be: it counts towards the second, and not towards the hour. */
    void givenBack(Instant now) {
        hour.unsent--;
        second.unsent--;
        second.add(now);
    }

    /** The clock was set: what was noted before goes along. */
    void clockSet(Duration by) {
        hour.clockSet(by);
        second.clockSet(by);
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
     * The newest {@code most} starts, oldest first. They are kept by number and not by age, so that
     * a clock that jumps forward and back again makes none of them forgotten.
     */
    private static final class Span {

        private final int most;
        private final Duration length;
        private final Deque<Instant> newest = new ArrayDeque<>();
        private int unsent;

        Span(String option, int most, Duration length) {
            if (most < 1) {
                throw new IllegalArgumentException(option + " must be 1 or more, not " + most);
            }
            this.most = most;
            this.length = length;
        }

        Instant earliestStart(Instant now, int kept) {
            takeFutureAs(now);
            int over = newest.size() + unsent - Math.max(1, most - kept);
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

        void clockSet(Duration by) {
            List<Instant> moved = newest.stream().map(start -> start.plus(by)).toList();
            newest.clear();
            newest.addAll(moved);
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
