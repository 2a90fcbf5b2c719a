package io.github.camelmixpanel.export.internal.pipeline.ack;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Never more than {@code maxInFlight} exchanges handed to the route and not yet completed, whatever
 * thread completes them. Thread-safe; only the polling thread waits here.
 */
public final class InFlight {

    /** Completions and {@link #wake()} end a wait; this only bounds one that nobody ends. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** An exchange that the route holds for longer is told. */
    public static final Duration STUCK = Duration.ofMinutes(10);

    private final int maxInFlight;
    private final Sleeper sleeper;
    private final InstantSource clock;
    private final Runnable waiting;

    /** Oldest first. */
    private final Set<Place> places = new LinkedHashSet<>();

    private int count;

    /** Exchanges acknowledged so far, of all windows. */
    private long acknowledgements;

    /** Those of them that had been refused before. */
    private long recoveries;

    /** What that was when an exchange last failed that had not failed before; -1 before. */
    private long acknowledgedAtFailure = -1;

    /**
     * @param waiting called now and then by the polling thread while it waits, with this monitor
     *     held
     */
    public InFlight(int maxInFlight, Sleeper sleeper, InstantSource clock, Runnable waiting) {
        this.maxInFlight = maxInFlight;
        this.sleeper = sleeper;
        this.clock = clock;
        this.waiting = waiting;
    }

    /** The lines of one window that are with the route. */
    public final class Lines {

        private final Window window;
        private final AckTracker tracker;
        private KeyList acknowledgedKeys = new KeyList();
        private int acknowledged;
        private final TreeMap<Long, FailedExchange> failures = new TreeMap<>();
        private Throwable lastFailure;
        private boolean anyAcknowledged;
        private boolean anyInPass;
        private int refusedInPass;

        public Lines(Window window, long lowWatermark) {
            this.window = window;
            this.tracker = new AckTracker(lowWatermark);
            this.anyAcknowledged = lowWatermark > 0;
        }

        /** The body is about to be read from its start once more. */
        public void beginPass() {
            synchronized (InFlight.this) {
                refusedInPass = 0;
                anyInPass = false;
            }
        }

        /** Whether the route took a line of this window since {@link #beginPass}. */
        public boolean anyInPass() {
            synchronized (InFlight.this) {
                return anyInPass;
            }
        }

        /** What the route left failed, in the order of the lines; nothing that it has once more. */
        public List<FailedExchange> failures() {
            synchronized (InFlight.this) {
                return failures.values().stream()
                        .filter(failure -> tracker.isLeftFailed(failure.batch))
                        .toList();
            }
        }

        /**
         * The route is up: what failed since the last call failed for a reason of its own.
         *
         * @return what has failed more than {@code allowed} redeliveries, in the order of the lines
         */
        public List<FailedExchange> count(int allowed) {
            synchronized (InFlight.this) {
                List<FailedExchange> left = failures();
                for (FailedExchange failure : left) {
                    failure.counted += failure.fresh ? 1 : 0;
                    failure.fresh = false;
                }
                return left.stream().filter(failure -> failure.counted > allowed).toList();
            }
        }

        /** Its lines are done with, as if they were acknowledged. */
        public void settle(FailedExchange failure) {
            synchronized (InFlight.this) {
                tracker.setAside(failure.batch);
                failures.remove(failure.batch.first());
                acknowledgedKeys.addAll(failure.keys);
            }
        }

        /** How many exchanges the route refused since {@link #beginPass}. */
        public int refusedInPass() {
            synchronized (InFlight.this) {
                return refusedInPass;
            }
        }

        /** Whether the route took at least one line of this window. */
        public boolean anyAcknowledged() {
            synchronized (InFlight.this) {
                return anyAcknowledged;
            }
        }

        public boolean wants(long line) {
            synchronized (InFlight.this) {
                return tracker.wants(line);
            }
        }

        /** Whether a batch that the route refused ends with this line. */
        public boolean endsBatch(long line) {
            synchronized (InFlight.this) {
                return tracker.endsBatch(line);
            }
        }

        /**
         * Takes a place for the exchange with these lines, waiting for one while {@code goOn}.
         *
         * @param last inclusive
         * @param events what it carries; none for a notice
         * @param keys given back by {@link #takeAcknowledgedKeys} when the lines are acknowledged
         * @return what to tell when the lines are done, or null when there was no place and no
         *     going on
         */
        public Place emitted(
                long first,
                long last,
                List<ExportEvent> events,
                List<DedupeKey> keys,
                BooleanSupplier goOn)
                throws InterruptedException {
            synchronized (InFlight.this) {
                if (count >= maxInFlight && !await(() -> count < maxInFlight, goOn)) {
                    return null;
                }
                count++;
                Place place =
                        new Place(
                                this, tracker.emitted(first, last), events, keys, clock.instant());
                places.add(place);
                return place;
            }
        }

        /**
         * Waits until no exchange of this window is with the route, or until it is not to go on.
         */
        public void drain(BooleanSupplier goOn) throws InterruptedException {
            synchronized (InFlight.this) {
                await(() -> tracker.inFlight() == 0, goOn);
            }
        }

        /** Whether no exchange of this window is with the route. */
        public boolean isDrained() {
            synchronized (InFlight.this) {
                return tracker.inFlight() == 0;
            }
        }

        /**
         * The keys of lines acknowledged since the last call.
         *
         * @param empty takes those from now on
         */
        public KeyList takeAcknowledgedKeys(KeyList empty) {
            synchronized (InFlight.this) {
                KeyList keys = acknowledgedKeys;
                acknowledgedKeys = empty;
                return keys;
            }
        }

        /** How many events were acknowledged since the last call. */
        public int takeAcknowledgedCount() {
            synchronized (InFlight.this) {
                int count = acknowledged;
                acknowledged = 0;
                return count;
            }
        }

        public long lowWatermark() {
            synchronized (InFlight.this) {
                return tracker.lowWatermark();
            }
        }

        public boolean allAcknowledged() {
            synchronized (InFlight.this) {
                return tracker.inFlight() == 0 && tracker.failed() == 0;
            }
        }

        public int failed() {
            synchronized (InFlight.this) {
                return tracker.failed();
            }
        }

        public Throwable lastFailure() {
            synchronized (InFlight.this) {
                return lastFailure;
            }
        }
    }

    /** The place of one exchange among those in flight; free again when it is told. */
    public final class Place implements EventSink.Acknowledgement {

        private final Lines lines;
        private final AckTracker.Batch batch;
        private final List<ExportEvent> events;
        private final List<DedupeKey> keys;
        private final Instant since;
        private boolean told;

        private Place(
                Lines lines,
                AckTracker.Batch batch,
                List<ExportEvent> events,
                List<DedupeKey> keys,
                Instant since) {
            this.since = since;
            this.lines = lines;
            this.batch = batch;
            this.events = events;
            this.keys = keys;
        }

        /** How many exchanges with lines of this window were handed out before. */
        public int index() {
            return batch.index();
        }

        /** When it was taken. */
        public Instant since() {
            return since;
        }

        @Override
        public void acknowledge() {
            complete(true, null);
        }

        @Override
        public void refuse(Throwable cause) {
            complete(false, cause);
        }

        private void failed(Throwable cause) {
            if (events.isEmpty()) {
                return;
            }
            FailedExchange known = lines.failures.get(batch.first());
            if (known == null) {
                known = new FailedExchange(batch, events, keys);
                lines.failures.put(batch.first(), known);
                acknowledgedAtFailure = acknowledgements;
            }
            known.cause = cause;
            known.fresh = true;
        }

        private void complete(boolean taken, Throwable failure) {
            synchronized (InFlight.this) {
                if (told) {
                    return;
                }
                told = true;
                places.remove(this);
                if (taken) {
                    if (!events.isEmpty()) {
                        acknowledgements++; // a notice taken says nothing about events
                    }
                    lines.anyAcknowledged = true;
                    lines.acknowledged += events.size();
                    lines.anyInPass = true;
                    if (lines.failures.remove(batch.first()) != null) {
                        recoveries++;
                    }
                    lines.tracker.acknowledged(batch);
                    lines.acknowledgedKeys.addAll(keys);
                } else {
                    lines.tracker.refused(batch);
                    lines.refusedInPass++;
                    lines.lastFailure = failure;
                    failed(failure);
                }
                // the polling thread waits for a first free place or for the last line of its
                // window
                if (count-- == maxInFlight || lines.tracker.inFlight() == 0) {
                    InFlight.this.notifyAll();
                }
            }
        }
    }

    /** Exchanges handed to the route and not yet completed. */
    public synchronized int count() {
        return count;
    }

    /**
     * Whether an exchange failed, for the first time, and none was acknowledged since: then the
     * route fails, and not the events.
     */
    public synchronized boolean isRouteDown() {
        return acknowledgedAtFailure == acknowledgements;
    }

    /** How many exchanges with events the route took so far, of all windows. */
    public synchronized long acknowledgements() {
        return acknowledgements;
    }

    /** How many of them it had refused before: a poison event is never among them. */
    public synchronized long recoveries() {
        return recoveries;
    }

    /** What the route has held for longer than {@link #STUCK}, oldest first. */
    public synchronized List<Stuck> stuck() {
        Instant before = clock.instant().minus(STUCK);
        // each is looked at: a clock that was set back leaves some from later among the first
        return places.stream()
                .filter(place -> place.since.isBefore(before))
                .map(place -> new Stuck(place.lines.window, place.events, place.since))
                .toList();
    }

    /**
     * An exchange that is not completed.
     *
     * @param events what it carries; empty for the notice of a complete window
     * @param since when it was handed out
     */
    public record Stuck(Window window, List<ExportEvent> events, Instant since) {

        @Override
        public String toString() {
            if (events.isEmpty()) {
                return "window " + window + ": the route holds its notice since " + since;
            }
            ExportEvent first = events.get(0);
            return "window "
                    + window
                    + ", line "
                    + first.line()
                    + ": the route holds event \""
                    + first.restoredName()
                    + "\""
                    + (first.insertId() == null ? "" : " ($insert_id " + first.insertId() + ")")
                    + (events.size() == 1 ? "" : " and " + (events.size() - 1) + " more")
                    + " since "
                    + since.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /** Wakes the polling thread, so that it looks whether it is to go on. */
    public synchronized void wake() {
        notifyAll();
    }

    private boolean await(BooleanSupplier condition, BooleanSupplier goOn)
            throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
            sleeper.sleep(this, LONGEST_WAIT);
            waiting.run();
        }
        return true;
    }
}
