package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.model.Sleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Never more than {@code maxInFlight} exchanges handed to the route and not yet completed, whatever
 * thread completes them. Thread-safe; only the polling thread waits here.
 */
final class InFlight {

    /** Completions and {@link #wake()} end a wait; this only bounds one that nobody ends. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final int maxInFlight;
    private final Sleeper sleeper;
    private int count;

    InFlight(int maxInFlight, Sleeper sleeper) {
        this.maxInFlight = maxInFlight;
        this.sleeper = sleeper;
    }

    /** The lines of one window that are with the route. */
    final class Lines {

        private final AckTracker tracker;
        private final List<DedupeKey> acknowledgedKeys = new ArrayList<>();
        private Throwable lastFailure;
        private boolean anyAcknowledged;
        private int refusedInPass;

        Lines(long lowWatermark) {
            this.tracker = new AckTracker(lowWatermark);
            this.anyAcknowledged = lowWatermark > 0;
        }

        /** The body is about to be read from its start once more. */
        void beginPass() {
            synchronized (InFlight.this) {
                refusedInPass = 0;
            }
        }

        /** How many lines the route refused since {@link #beginPass}. */
        int refusedInPass() {
            synchronized (InFlight.this) {
                return refusedInPass;
            }
        }

        /** Whether the route took at least one line of this window. */
        boolean anyAcknowledged() {
            synchronized (InFlight.this) {
                return anyAcknowledged;
            }
        }

        boolean wants(long line) {
            synchronized (InFlight.this) {
                return tracker.wants(line);
            }
        }

        /**
         * Takes a place for this line, waiting for one while {@code goOn}.
         *
         * @param key given back by {@link #takeAcknowledgedKeys} when the line is acknowledged; may
         *     be null
         * @return what to tell when the line is done, or null when there was no place and no going
         *     on
         */
        EventSink.Acknowledgement emitted(long line, DedupeKey key, BooleanSupplier goOn)
                throws InterruptedException {
            synchronized (InFlight.this) {
                if (count >= maxInFlight && !await(() -> count < maxInFlight, goOn)) {
                    return null;
                }
                count++;
                tracker.emitted(line);
                return new LineAcknowledgement(this, line, key);
            }
        }

        /** Waits until no line of this window is with the route, or until it is not to go on. */
        void drain(BooleanSupplier goOn) throws InterruptedException {
            synchronized (InFlight.this) {
                await(() -> tracker.inFlight() == 0, goOn);
            }
        }

        /** The keys of lines acknowledged since the last call. */
        List<DedupeKey> takeAcknowledgedKeys() {
            synchronized (InFlight.this) {
                List<DedupeKey> keys = List.copyOf(acknowledgedKeys);
                acknowledgedKeys.clear();
                return keys;
            }
        }

        long lowWatermark() {
            synchronized (InFlight.this) {
                return tracker.lowWatermark();
            }
        }

        boolean allAcknowledged() {
            synchronized (InFlight.this) {
                return tracker.inFlight() == 0 && tracker.failed() == 0;
            }
        }

        int failed() {
            synchronized (InFlight.this) {
                return tracker.failed();
            }
        }

        Throwable lastFailure() {
            synchronized (InFlight.this) {
                return lastFailure;
            }
        }
    }

    private final class LineAcknowledgement implements EventSink.Acknowledgement {

        private final Lines lines;
        private final long line;
        private final DedupeKey key;
        private boolean told;

        private LineAcknowledgement(Lines lines, long line, DedupeKey key) {
            this.lines = lines;
            this.line = line;
            this.key = key;
        }

        @Override
        public void acknowledge() {
            complete(true, null);
        }

        @Override
        public void refuse(Throwable cause) {
            complete(false, cause);
        }

        private void complete(boolean taken, Throwable failure) {
            synchronized (InFlight.this) {
                if (told) {
                    return;
                }
                told = true;
                if (taken) {
                    lines.anyAcknowledged = true;
                    lines.tracker.acknowledged(line);
                    if (key != null) {
                        lines.acknowledgedKeys.add(key);
                    }
                } else {
                    lines.tracker.refused(line);
                    lines.refusedInPass++;
                    lines.lastFailure = failure;
                }
                // the polling thread waits for a first free place or for the last line of its
                // window
                if (count-- == maxInFlight || lines.tracker.inFlight() == 0) {
                    InFlight.this.notifyAll();
                }
            }
        }
    }

    /** Wakes the polling thread, so that it looks whether it is to go on. */
    synchronized void wake() {
        notifyAll();
    }

    private boolean await(BooleanSupplier condition, BooleanSupplier goOn)
            throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
            sleeper.sleep(this, LONGEST_WAIT);
        }
        return true;
    }
}
