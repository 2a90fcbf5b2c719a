package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.ack.FailedExchange;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.option.OnFailure;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What becomes of exchanges that the route left failed: handed out again, parked or skipped. A
 * route that takes nothing at all costs no event its redeliveries. Used by the polling thread.
 */
public final class FailedExchanges {

    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /** Of the events of a window; with more to park the window itself parks. */
    private static final int MOST_PARKED_PERCENT = 1;

    private final ExportSettings settings;
    private final InFlight inFlight;
    private final ParkedEvents parked;
    private final ParkedReader reader;
    private final EventSink sink;
    private final ExportLog progress;

    public FailedExchanges(
            ExportSettings settings,
            InFlight inFlight,
            ParkedEvents parked,
            ParkedReader reader,
            EventSink sink,
            ExportLog progress) {
        this.settings = settings;
        this.inFlight = inFlight;
        this.parked = parked;
        this.reader = reader;
        this.sink = sink;
        this.progress = progress;
    }

    boolean skips() {
        return settings.onFailure() == OnFailure.SKIP;
    }

    /**
     * Finds the lines of this body that an earlier run has parked.
     *
     * @param ofEarlierBodies given what is parked of those, which are lost: it has other lines in
     *     this one
     */
    void begin(WindowRun task, Consumer<ExportEvent> ofEarlierBodies) throws LedgerException {
        task.parkedLines = new TreeSet<>();
        task.parked = 0;
        String sha256 = task.spooled.body().sha256();
        parked.read(
                task.window,
                task.generation,
                event -> {
                    task.parked++;
                    if (event.sha256().equals(sha256)) {
                        task.parkedLines.add(event.line());
                    } else {
                        ofEarlierBodies.accept(reader.scan(task.window, event));
                    }
                });
    }

    /**
     * Another body has the parked events again, unless their keys tell that it is to leave them
     * out.
     */
    void lostBody(WindowRun task) throws LedgerException {
        if (!settings.deduplicate()) {
            parked.delete(task.window, task.generation);
        }
    }

    /** Somebody has decided to give up what the route did not take of a parked window. */
    void giveUp(WindowRun task) throws LedgerException {
        parked.delete(task.window, task.generation);
        task.parked = 0;
    }

    /** Counts what failed as done. */
    void skip(WindowRun task) {
        for (FailedExchange failure : task.lines.failures()) {
            sink.skipped(task.window, failure.events, failure.cause);
            task.lines.settle(failure); // from here on it may be on disk that it is done with
        }
    }

    /**
     * The body was read as far as it goes for now: parks what has used up its redeliveries.
     *
     * @return whether the window itself is to be parked instead, because too much of it fails
     */
    boolean settle(WindowRun task) throws LedgerException {
        boolean wasDown = task.routeWasDown;
        task.routeWasDown = inFlight.isRouteDown() || comesAndGoes(task);
        if (task.routeWasDown || wasDown) {
            return false; // what failed just before the route came back has one more try
        }
        int allowed = settings.onFailure() == OnFailure.PARK ? 0 : settings.maxRedeliveries();
        List<FailedExchange> poison = task.lines.count(allowed);
        if (poison.isEmpty()) {
            return false;
        }
        // arrivals never wait as a whole: every later query of them would wait too
        if (!task.window.isArrivals() && isTooMuch(task, poison)) {
            // others go on then, and must know all that the route has taken of this one
            return task.lines.isDrained();
        }
        List<ExportEvent> events =
                poison.stream().flatMap(failure -> failure.events.stream()).toList();
        // first the file, then the ledger: a crash in between hands out again at worst
        parked.add(task.window, task.generation, task.spooled.body().sha256(), events);
        task.parked += events.size();
        for (FailedExchange failure : poison) {
            failure.events.forEach(event -> task.parkedLines.add(event.line()));
            progress.parked(task.window, failure.events, failure.cause);
            task.lines.settle(failure);
        }
        return false;
    }

    /**
     * Whether much of the window fails while the route took, since this was last asked, something
     * that it had refused before, or has taken nothing since it did.
     */
    private boolean comesAndGoes(WindowRun task) {
        long recoveries = inFlight.recoveries();
        long acknowledgements = inFlight.acknowledgements();
        if (recoveries != task.recoveriesSeen) {
            task.recoveriesSeen = recoveries;
            task.acknowledgedAtRecovery = acknowledgements;
        }
        return acknowledgements == task.acknowledgedAtRecovery
                && isTooMuch(task, task.lines.failures());
    }

    /** Whether it is more than one event, or one batch, and more than is parked of a window. */
    private static boolean isTooMuch(WindowRun task, List<FailedExchange> failures) {
        long failing = task.parked + FailedExchange.events(failures);
        boolean alone = failures.size() == 1 && task.parked == 0;
        return !alone && failing * 100 > task.spooled.body().events() * MOST_PARKED_PERCENT;
    }

    /** How long to wait before what failed is handed out again. */
    Duration backoff(WindowRun task) {
        Duration first = settings.retryDelay();
        // an exponent beyond this one exceeds the longest wait for any delay of a millisecond up
        Duration next = first.multipliedBy(1L << Math.min(20, task.failedPasses - 1));
        return next.compareTo(LONGEST_BACKOFF) < 0 ? next : LONGEST_BACKOFF;
    }
}
