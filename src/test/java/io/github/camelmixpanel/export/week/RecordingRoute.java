package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.route.Acknowledgement;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * A route that takes its time, acknowledges out of order, refuses some events the first time, and
 * writes down all that it hears until its process dies. All of it happens on the polling thread.
 */
final class RecordingRoute implements EventSink {

    private record Pending(List<Emitted> emitted, EventBatch batch) {}

    final List<Emitted> emitted = new ArrayList<>();
    final List<WindowSummary> summaries = new ArrayList<>();
    final List<ExportException> failures = new ArrayList<>();

    /** How many lines that are no events it has heard of. */
    int badLines;

    private final VirtualTime time;
    private final Random random;
    private final Function<ExportEvent, String> keys;
    private final Duration work;
    private final boolean async;
    private final double refusals;
    private final Set<Integer> poison;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<String, Integer> refused = new HashMap<>();
    private volatile Life life;
    private Fetchers fetchers;
    private Runnable flush;
    private Instant flushed = Instant.MIN;
    private int lives;

    /**
     * @param work how long an exchange takes
     * @param async whether exchanges are acknowledged later, and in any order
     * @param refusals how likely an exchange is refused, twice at most
     * @param poison the events that are refused until the route is mended
     */
    RecordingRoute(
            VirtualTime time,
            Random random,
            Function<ExportEvent, String> keys,
            Duration work,
            boolean async,
            double refusals,
            Set<Integer> poison) {
        this.time = time;
        this.random = random;
        this.keys = keys;
        this.work = work;
        this.async = async;
        this.refusals = refusals;
        this.poison = new HashSet<>(poison);
    }

    /** From now on it takes every event, sooner or later. */
    void mend() {
        poison.clear();
    }

    /**
     * @param others who carry out tasks
     */
    void sendTasksTo(Fetchers others) {
        fetchers = others;
    }

    void begin(Life next) {
        life = next;
        lives++;
        pending.clear();
        flush = () -> {};
    }

    /**
     * @param eachSecond what another thread does each second
     */
    void begun(Runnable eachSecond) {
        flush = eachSecond;
    }

    int lives() {
        return lives;
    }

    @Override
    public void emit(EventBatch batch) {
        if (life.isOver()) {
            return;
        }
        List<Emitted> events = received(batch.window(), batch.generation(), batch.events());
        if (!life.step()) {
            return; // received, but the process did not live to acknowledge it
        }
        pending.add(new Pending(events, batch));
        if (!async || random.nextInt(3) == 0) {
            completeOne();
        } else {
            time.pass(work.dividedBy(4));
        }
    }

    private List<Emitted> received(Window window, int generation, List<ExportEvent> events) {
        List<Emitted> received =
                events.stream()
                        .map(
                                event ->
                                        new Emitted(
                                                lives,
                                                window,
                                                generation,
                                                event,
                                                keys.apply(event)))
                        .toList();
        emitted.addAll(received);
        return received;
    }

    private void completeOne() {
        Pending done = pending.remove(random.nextInt(pending.size()));
        time.pass(work);
        if (takes(done.emitted)) {
            done.batch.acknowledge();
        } else {
            done.batch.fail(new IllegalStateException("not now"));
        }
        if (!time.now().isBefore(flushed.plusSeconds(1))) {
            flush();
        }
    }

    private boolean takes(List<Emitted> events) {
        String key = events.get(0).key;
        if (events.stream().anyMatch(one -> poison.contains(one.n))
                || random.nextDouble() < refusals && refused.merge(key, 1, Integer::sum) <= 2) {
            events.forEach(one -> one.refused = true);
            return false;
        }
        events.forEach(one -> one.acknowledged = time.now());
        return true;
    }

    /**
     * As {@link #emit}, of an exchange that is done when this returns, or failed when it throws.
     *
     * @param forcedStops changes with a stop that does not wait for it, and is odd during one
     */
    synchronized void take(
            Window window, int generation, List<ExportEvent> events, IntSupplier forcedStops) {
        int before = forcedStops.getAsInt();
        List<Emitted> received = received(window, generation, events);
        time.pass(work);
        boolean stopped = before % 2 == 1 || before != forcedStops.getAsInt();
        received.forEach(one -> one.stopped = stopped);
        if (!takes(received)) {
            throw new IllegalStateException("not now");
        }
    }

    private void flush() {
        flushed = time.now();
        flush.run();
    }

    @Override
    public void skipped(Window window, List<ExportEvent> events, Throwable cause) {
        throw new AssertionError("nothing is to be skipped");
    }

    /** The polling thread works off what is pending where it would wait. */
    Sleeper working(Sleeper otherwise, Thread pollingThread) {
        return (monitor, atMost) -> {
            if (Thread.currentThread() == pollingThread && !pending.isEmpty() && !life.isOver()) {
                completeOne();
            } else {
                if (Thread.currentThread() == pollingThread) {
                    flush(); // it sleeps for a second and more
                }
                otherwise.sleep(monitor, atMost);
            }
        };
    }

    /** Works off all that is left, as a route does before it is stopped. */
    void finish() {
        while (!pending.isEmpty()) {
            completeOne();
        }
    }

    @Override
    public void task(ExportTask task, Acknowledgement acknowledgement) {
        if (!life.isOver()) {
            fetchers.send(task, life, acknowledgement);
        }
    }

    /** As the other one, with an exception if it is not taken. */
    synchronized void windowComplete(WindowSummary summary) {
        if (random.nextInt(20) == 0) {
            throw new IllegalStateException("not now");
        }
        summaries.add(summary);
    }

    @Override
    public void windowComplete(WindowSummary summary, Acknowledgement acknowledgement) {
        if (life.isOver()) {
            return;
        }
        if (!life.step() || random.nextInt(20) == 0) {
            acknowledgement.fail(new IllegalStateException("not now"));
        } else {
            summaries.add(summary);
            acknowledgement.acknowledge();
        }
    }

    @Override
    public void badLine(MalformedEventException line) {
        badLines++;
    }

    @Override
    public synchronized void windowFailed(Window window, int generation, ExportException failure) {
        failures.add(failure);
    }
}
