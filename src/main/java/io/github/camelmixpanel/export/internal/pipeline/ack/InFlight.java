package io.github.camelmixpanel.export.internal.pipeline.ack;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Never more than {@code maxInFlight} exchanges are with the route and not yet completed, whatever
 * thread completes them. Its monitor guards the {@link WindowAcks} of all windows. Thread-safe;
 * only the polling thread waits here.
 */
public final class InFlight {

    /** Completions and {@link #wake()} end a wait; this only bounds one that nothing ends. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** An exchange that the route holds for longer is reported. */
    public static final Duration STUCK = Duration.ofMinutes(10);

    private final int maxInFlight;
    private final Sleeper sleeper;
    private final InstantSource clock;
    private final Runnable waiting;
    private final RouteHealth route = new RouteHealth();

    /** Oldest first. */
    private final Set<EventBatch> slots = new LinkedHashSet<>();

    /** Threads that wait on this monitor: without one, a completion need not notify. */
    private int waiters;

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

    // ---- for the acknowledgements of a window, which hold this monitor

    /** Waits for a free slot while {@code goOn}; false when there is none. */
    boolean awaitSlot(BooleanSupplier goOn) throws InterruptedException {
        return slots.size() < maxInFlight || await(() -> slots.size() < maxInFlight, goOn);
    }

    public Instant now() {
        return clock.instant();
    }

    long millis() {
        return clock.millis();
    }

    void take(EventBatch slot) {
        slots.add(slot);
    }

    /**
     * @param drained whether it was the last of its window
     */
    void free(EventBatch slot, boolean drained) {
        boolean full = slots.size() == maxInFlight;
        slots.remove(slot);
        // the polling thread waits for a first free slot or for the last line of its window
        if ((full || drained) && waiters > 0) {
            notifyAll();
        }
    }

    RouteHealth route() {
        return route;
    }

    boolean await(BooleanSupplier condition, BooleanSupplier goOn) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
            waiters++; // before the monitor is released, so that no completion is missed
            try {
                sleeper.sleep(this, LONGEST_WAIT);
            } finally {
                waiters--;
            }
            waiting.run();
        }
        return true;
    }

    // ---- for all

    /** Exchanges that are with the route and not yet completed. */
    public synchronized int count() {
        return slots.size();
    }

    /** As {@link RouteHealth#isDown}. */
    public synchronized boolean isRouteDown() {
        return route.isDown();
    }

    /** What the route has held for longer than {@link #STUCK}, oldest first. */
    public synchronized List<Stuck> stuck() {
        long before = clock.millis() - STUCK.toMillis();
        // each is looked at: a clock that was set back leaves some from later among the first
        return slots.stream()
                .filter(slot -> slot.since() < before)
                .map(
                        slot ->
                                new Stuck(
                                        slot.window(),
                                        slot.events(),
                                        Instant.ofEpochMilli(slot.since())))
                .toList();
    }

    /**
     * An exchange that is not completed.
     *
     * @param events what it carries; empty for the notice of a complete window
     * @param since when the route got it
     */
    public record Stuck(Window window, List<ExportEvent> events, Instant since) {

        @Override
        public String toString() {
            if (events.isEmpty()) {
                return "window %s: the route holds its notice since %s".formatted(window, since);
            }
            ExportEvent first = events.get(0);
            return "window %s, line %d: the route holds event \"%s\"%s%s since %s"
                    .formatted(
                            window,
                            first.line(),
                            Printable.name(first.restoredName()),
                            first.insertId() == null
                                    ? ""
                                    : " ($insert_id " + Printable.name(first.insertId()) + ")",
                            events.size() == 1 ? "" : " and " + (events.size() - 1) + " more",
                            since.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** Wakes the polling thread, so that it looks whether it is to go on. */
    public synchronized void wake() {
        notifyAll();
    }
}
