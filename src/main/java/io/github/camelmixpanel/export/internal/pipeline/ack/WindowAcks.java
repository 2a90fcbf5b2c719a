package io.github.camelmixpanel.export.internal.pipeline.ack;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.ledger.FailedLines;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Which lines of one window the route has acknowledged, left failed, or still has. Thread-safe: the
 * monitor of its {@link InFlight} guards it.
 */
public final class WindowAcks {

    private final InFlight inFlight;
    private final Window window;
    private final int generation;
    private final int exchanges;
    private final AckTracker tracker;
    private final TreeMap<Long, FailedExchange> failures = new TreeMap<>();

    /** What an earlier run left failed and this one has not tried yet, by first line. */
    private final SortedMap<Long, FailedLines> failedEarlier = new TreeMap<>();

    private KeyList acknowledgedKeys = new KeyList();
    private int acknowledged;
    private Throwable lastFailure;
    private boolean anyAcknowledged;
    private boolean anyInPass;
    private int failedInPass;
    private int failedBeforePass;

    /** As {@link RouteHealth#failedFirst} returned it. */
    private long failedFirst = -1;

    /** Whether two exchanges failed for the first time with none taken in between. */
    private boolean failedInARow;

    /**
     * @param exchanges how many the window makes; 0 where it is not known
     * @param lowWatermark lines up to this one are done already
     * @param failed what an earlier run left failed
     */
    public WindowAcks(
            InFlight inFlight,
            Window window,
            int generation,
            int exchanges,
            long lowWatermark,
            List<FailedLines> failed) {
        this.inFlight = inFlight;
        this.window = window;
        this.generation = generation;
        this.exchanges = exchanges;
        this.tracker = new AckTracker(lowWatermark);
        this.anyAcknowledged = lowWatermark > 0;
        failed.forEach(
                all -> all.lines().forEach(it -> failedEarlier.put(it, all.with(List.of(it)))));
    }

    /** For lines that are new to the route. */
    public WindowAcks(InFlight inFlight, Window window, int generation) {
        this(inFlight, window, generation, 0, 0, List.of());
    }

    /** A batch in its slot among those in flight, which is free again with the first answer. */
    private static final class InFlightSlot extends EventBatch {

        private final AckTracker.Batch lines;

        /** Null once the route has answered: an event that it keeps must not keep its window. */
        private volatile WindowAcks acks;

        private InFlightSlot(
                WindowAcks acks,
                AckTracker.Batch lines,
                List<ExportEvent> events,
                List<DedupeKey> keys,
                long since) {
            super(acks.window, acks.generation, events, keys, acks.exchanges, since);
            this.acks = acks;
            this.lines = lines;
        }

        @Override
        public int index() {
            return lines.index();
        }

        @Override
        public void acknowledge() {
            answer(true, null);
        }

        @Override
        public void fail(Throwable cause) {
            answer(false, cause);
        }

        private void answer(boolean taken, Throwable cause) {
            WindowAcks window = acks;
            if (window != null) {
                window.answered(this, taken, cause);
            }
        }
    }

    private void answered(InFlightSlot slot, boolean taken, Throwable cause) {
        synchronized (inFlight) {
            if (slot.acks == null) {
                return; // the route has answered before
            }
            slot.acks = null;
            if (taken) {
                taken(slot);
            } else {
                failed(slot, cause);
            }
            inFlight.free(slot, tracker.inFlight() == 0);
        }
    }

    private void taken(InFlightSlot slot) {
        boolean failedBefore = failures.remove(slot.lines.first()) != null;
        failedEarlier.remove(slot.lines.first());
        if (!slot.events().isEmpty()) { // a notice taken says nothing about events
            inFlight.route().taken(failedBefore);
        }
        anyAcknowledged = true;
        anyInPass = true;
        acknowledged += slot.events().size();
        acknowledgedKeys.addAll(slot.keys());
        tracker.acknowledged(slot.lines);
    }

    private void failed(InFlightSlot slot, Throwable cause) {
        tracker.failed(slot.lines);
        failedInPass++;
        lastFailure = cause;
        if (slot.events().isEmpty()) {
            return;
        }
        FailedExchange known = failures.get(slot.lines.first());
        if (known == null) {
            FailedLines earlier = failedEarlier.remove(slot.lines.first());
            RouteHealth route = inFlight.route();
            known =
                    new FailedExchange(
                            slot.lines, slot.events(), slot.keys(), route.taken(), earlier);
            failures.put(slot.lines.first(), known);
            if (earlier == null || earlier.since() != null) {
                long before = failedFirst;
                failedFirst = route.failedFirst(before);
                failedInARow |= failedFirst == before;
            }
        }
        known.failed(cause);
    }

    /** The body is about to be read from its start once more. */
    public void beginPass() {
        synchronized (inFlight) {
            failedInPass = 0;
            failedBeforePass = failures.size();
            anyInPass = false;
        }
    }

    /** Whether the route took a line of this window since {@link #beginPass}. */
    public boolean anyInPass() {
        synchronized (inFlight) {
            return anyInPass;
        }
    }

    /**
     * Whether the route left fewer than so many exchanges failed since {@link #beginPass}; a pass
     * reaches one that has not failed before in any case, which the route may take.
     */
    public boolean mayFailMore(int most) {
        synchronized (inFlight) {
            return failedInPass < Math.max(most, failedBeforePass + 1);
        }
    }

    /** Whether the route took at least one line of this window. */
    public boolean anyAcknowledged() {
        synchronized (inFlight) {
            return anyAcknowledged;
        }
    }

    /** What the route left failed, in the order of the lines; nothing that it has once more. */
    public List<FailedExchange> failures() {
        synchronized (inFlight) {
            return failures.values().stream()
                    .filter(failure -> tracker.isLeftFailed(failure.lines()))
                    .toList();
        }
    }

    /**
     * A pass is over.
     *
     * @param much as {@link RouteHealth#judge} takes it, like {@code rest}
     * @param allowed how many redeliveries each exchange has while the route is up
     * @param often after so many passes in a row the window was tried often
     * @return what is a poison event, in the order of the lines
     */
    public List<FailedExchange> passOver(
            RouteHealth.Passes passes, boolean much, boolean rest, int allowed, int often) {
        synchronized (inFlight) {
            RouteHealth route = inFlight.route();
            RouteHealth.Verdict verdict = route.judge(passes, much, rest, failedInARow);
            Instant now = inFlight.now();
            List<FailedExchange> left = failures();
            left.forEach(it -> it.passed(verdict == RouteHealth.Verdict.EVENTS, route, now));
            return left.stream()
                    .filter(
                            it ->
                                    RouteHealth.isPoison(
                                            verdict,
                                            it.tries(),
                                            allowed,
                                            passes.reached(often),
                                            it.unproven(now)))
                    .toList();
        }
    }

    /** How long to wait until the next try of something would be its last. */
    public Duration untilLastTry(int allowed) {
        synchronized (inFlight) {
            Instant now = inFlight.now();
            return failures().stream()
                    .map(it -> RouteHealth.untilLastTry(it.tries(), allowed, it.unproven(now)))
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
        }
    }

    /** What a later run has to know of what failed. */
    public List<FailedLines> failedLines() {
        synchronized (inFlight) {
            return FailedLines.merged(
                    Stream.concat(
                            failures.values().stream().flatMap(FailedExchange::kept),
                            failedEarlier.values().stream()));
        }
    }

    /** Its lines are done with, as if they were acknowledged. */
    public void settle(FailedExchange failure) {
        synchronized (inFlight) {
            tracker.setAside(failure.lines());
            failures.remove(failure.lines().first());
            acknowledgedKeys.addAll(failure.keys());
        }
    }

    /** Whether this line still has to go to the route: it never did, or was left failed. */
    public boolean wants(long line) {
        synchronized (inFlight) {
            return tracker.wants(line);
        }
    }

    /** Whether a batch that the route left failed ends with this line. */
    public boolean endsBatch(long line) {
        synchronized (inFlight) {
            return tracker.endsBatch(line);
        }
    }

    /**
     * Takes a slot for the exchange with these lines, waiting for one while {@code goOn}.
     *
     * @param last inclusive
     * @param events what it carries; none for a notice
     * @param keys given back by {@link #takeAcknowledgedKeys} when the lines are acknowledged
     * @return null when there was no slot and no going on
     */
    public EventBatch take(
            long first,
            long last,
            List<ExportEvent> events,
            List<DedupeKey> keys,
            BooleanSupplier goOn)
            throws InterruptedException {
        synchronized (inFlight) {
            if (!inFlight.awaitSlot(goOn)) {
                return null;
            }
            InFlightSlot slot =
                    new InFlightSlot(
                            this, tracker.emitted(first, last), events, keys, inFlight.millis());
            inFlight.take(slot);
            return slot;
        }
    }

    /** Waits until no exchange of this window is with the route, or until it is not to go on. */
    public void drain(BooleanSupplier goOn) throws InterruptedException {
        synchronized (inFlight) {
            inFlight.await(() -> tracker.inFlight() == 0, goOn);
        }
    }

    /** Whether no exchange of this window is with the route. */
    public boolean isDrained() {
        synchronized (inFlight) {
            return tracker.inFlight() == 0;
        }
    }

    /**
     * The keys of lines acknowledged since the last call.
     *
     * @param empty takes those from now on
     */
    public KeyList takeAcknowledgedKeys(KeyList empty) {
        synchronized (inFlight) {
            KeyList keys = acknowledgedKeys;
            acknowledgedKeys = empty;
            return keys;
        }
    }

    /** Takes back keys that could not be written: the next call of the above returns them too. */
    public void returnAcknowledgedKeys(KeyList unwritten) {
        synchronized (inFlight) {
            acknowledgedKeys.addAll(unwritten);
        }
    }

    /** How many events were acknowledged since the last call. */
    public int takeAcknowledgedCount() {
        synchronized (inFlight) {
            int count = acknowledged;
            acknowledged = 0;
            return count;
        }
    }

    public long lowWatermark() {
        synchronized (inFlight) {
            return tracker.lowWatermark();
        }
    }

    public boolean allAcknowledged() {
        synchronized (inFlight) {
            return tracker.inFlight() == 0 && tracker.failed() == 0;
        }
    }

    public int failed() {
        synchronized (inFlight) {
            return tracker.failed();
        }
    }

    public Throwable lastFailure() {
        synchronized (inFlight) {
            return lastFailure;
        }
    }
}
