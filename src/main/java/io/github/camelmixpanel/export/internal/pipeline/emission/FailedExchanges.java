package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.ledger.FailedLines;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Verdict.Attempt;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.ack.FailedExchange;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.EmissionState;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.progress.LogText;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.option.OnFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides what becomes of exchanges that the route left failed: emitted again, parked or skipped. A
 * route that takes nothing at all costs no event its redeliveries. Used by the polling thread.
 */
public final class FailedExchanges {

    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /** Of the events of a window; with more to park the window itself parks. */
    private static final int MOST_PARKED_PERCENT = 1;

    private final ExportSettings settings;
    private final Ledger ledger;
    private final Board board;
    private final InFlight inFlight;
    private final ParkedEvents parked;
    private final EventSink sink;
    private final WindowListeners listeners;
    private final InstantSource clock;

    /** Windows of which an operator gives up what fails in the next pass. */
    private final Set<Window> dropping = ConcurrentHashMap.newKeySet();

    public FailedExchanges(
            ExportSettings settings,
            Ledger ledger,
            Board board,
            InFlight inFlight,
            ParkedEvents parked,
            EventSink sink,
            WindowListeners listeners,
            InstantSource clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.board = board;
        this.inFlight = inFlight;
        this.parked = parked;
        this.sink = sink;
        this.listeners = listeners;
        this.clock = clock;
    }

    /**
     * A batch is about to be emitted.
     *
     * @return false when the route fails, and not the events: no use in trying them all
     */
    boolean allowMore(WindowRun run) {
        skip(run);
        return skips() || run.emission.acks.mayFailMore(settings.emission().maxInFlight());
    }

    private boolean skips() {
        return settings.emission().onFailure() == OnFailure.SKIP;
    }

    /**
     * With SKIP, counts what failed as done: the exception handler gets it, and may take its time.
     */
    void skip(WindowRun run) {
        if (skips()) {
            for (FailedExchange failure : run.emission.acks.failures()) {
                sink.skipped(run.window, failure.events(), failure.cause());
                run.emission.acks.settle(failure); // it may be on disk from here on that it is done
            }
        }
    }

    /**
     * The body was read as far as it goes for now: parks what has used up its redeliveries. The
     * caller keeps the {@link Flusher} from writing, or what is parked would count as done before
     * the ledger has it.
     *
     * @param readToEnd whether nothing is left to emit but what failed
     * @return whether the window itself is to be parked instead, because too much of it fails
     */
    boolean settle(WindowRun run, boolean readToEnd) throws LedgerException {
        if (dropping.remove(run.window)) {
            drop(run);
        }
        boolean parks = !skips() && parkPoison(run, readToEnd);
        if (!parks && run.emission.parked > 0) {
            // at once: the window may never be committed under this name
            ledger.parked(new ParkedWindow(run.window, run.generation, run.emission.parked, false));
        }
        List<FailedLines> failed = run.emission.acks.failedLines();
        if (!parks && !failed.isEmpty()) {
            ledger.failed(run.window, failed);
        }
        return parks;
    }

    /**
     * An operator gives up what the route left failed of windows: it is tried once more at once.
     * Any thread may call this.
     *
     * @return windows that wait so and share a day with these
     */
    public List<Window> dropFailed(Window days) {
        List<Window> waiting = board.endWaits(days, true);
        dropping.addAll(waiting);
        return waiting;
    }

    private void drop(WindowRun run) {
        List<FailedExchange> failed = run.emission.acks.failures();
        failed.forEach(run.emission.acks::settle);
        listeners.log(it -> it.parkedDropped(run.window, FailedExchange.events(failed)));
    }

    private boolean parkPoison(WindowRun run, boolean readToEnd) throws LedgerException {
        EmissionState emission = run.emission;
        boolean much = isTooMuch(run, emission.acks.failures());
        boolean rest = readToEnd && emission.acks.isDrained() && emission.anyTaken();
        List<FailedExchange> poison =
                emission.acks.passOver(
                        emission.passes,
                        much,
                        rest,
                        allowed(),
                        settings.emission().maxRedeliveries());
        if (poison.isEmpty()) {
            return false;
        }
        // arrivals never wait as a whole: every later query of them would wait too
        if (!run.window.isArrivals() && isTooMuch(run, poison)) {
            // others go on then, and must know all that the route has taken of this one
            return emission.acks.isDrained();
        }
        List<ExportEvent> events =
                poison.stream().flatMap(failure -> failure.events().stream()).toList();
        // first the file, then the ledger: a crash in between emits them again at worst
        parked.add(run.window, run.generation, run.spooled().body().sha256(), events);
        emission.parked += events.size();
        for (FailedExchange failure : poison) {
            failure.events().forEach(event -> emission.parkedLines.add(event.line()));
            listeners.log(it -> it.eventsParked(run.window, failure.events(), failure.cause()));
            emission.acks.settle(failure);
        }
        return false;
    }

    private int allowed() {
        return settings.emission().onFailure() == OnFailure.PARK
                ? 0
                : settings.emission().maxRedeliveries();
    }

    /** Whether it is more than one event, or one batch, and more than is parked of a window. */
    private static boolean isTooMuch(WindowRun run, List<FailedExchange> failures) {
        long failing = run.emission.parked + FailedExchange.events(failures);
        boolean alone = failures.size() == 1 && run.emission.parked == 0;
        return !alone && failing * 100 > run.spooled().body().events() * MOST_PARKED_PERCENT;
    }

    /** A pass has left some of its lines, failed or not emitted: says when the next one comes. */
    public void leave(WindowRun run) {
        EmissionState emission = run.emission;
        long failed = FailedExchange.events(emission.acks.failures());
        if (failed == 0) {
            board.noneFailed(run); // stopped in mid-way, or all that failed is parked
            return;
        }
        int passes = emission.passes.failed(emission.acks.anyInPass());
        Duration backoff =
                Collections.max(List.of(backoff(passes), emission.acks.untilLastTry(allowed())));
        boolean down = inFlight.isRouteDown();
        Throwable last = emission.acks.lastFailure();
        boolean few = emission.acks.anyAcknowledged();
        listeners.log(it -> it.eventsLeftFailed(run.window, failed, down, backoff, last));
        board.leftFailed(
                run,
                few,
                clock.instant().plus(backoff),
                passes > settings.emission().maxRedeliveries(),
                Trouble.of(
                                Kind.ROUTE,
                                run.window,
                                """
                                window %s: the route left %d events failed%s. They are emitted \
                                again; the log says why they failed."""
                                        .formatted(
                                                run.window,
                                                failed,
                                                down ? " and took no other since" : ""),
                                LogText.reason(last))
                        .with(new Attempt(passes, 0, Optional.empty())));
        if (few) {
            emission.releaseKeys(); // others go on meanwhile
        }
    }

    /**
     * A body that may be readable again shortly is read again, {@code maxRetries} times.
     *
     * @return whether it is
     */
    boolean readsAgain(WindowRun run, SpoolException e) {
        int failed = ++run.emission.failedReads;
        if (!e.isOutOfReach() || failed > settings.downloads().maxRetries()) {
            return false;
        }
        Duration backoff = backoff(failed);
        listeners.log(it -> it.bodyOutOfReach(e, backoff));
        board.leftFailed(
                run,
                false,
                clock.instant().plus(backoff),
                false,
                Trouble.of(Kind.DISK, run.window, e.getMessage()));
        return true;
    }

    private Duration backoff(int passes) {
        return RetryRule.doubled(settings.downloads().retryDelay(), passes - 1, LONGEST_BACKOFF);
    }

    /** Too much of it fails for good. What is acknowledged stays so. */
    public void park(WindowRun run) throws LedgerException {
        EmissionState emission = run.emission;
        ledger.parked(new ParkedWindow(run.window, run.generation, emission.parked, true));
        long failed = FailedExchange.events(emission.acks.failures());
        Throwable last = emission.acks.lastFailure();
        listeners.log(it -> it.windowParked(run.window, failed, emission.parked, last));
        board.parked(run);
        emission.releaseKeys();
    }

    /**
     * Another body has the parked events again, unless their keys say that it is to leave them out.
     */
    void lostBody(WindowRun run) throws LedgerException {
        dropping.remove(run.window);
        if (!settings.dedupe().deduplicate()) {
            parked.delete(run.window, run.generation);
        }
    }

    /** An operator gives up what the route did not take of a parked window. */
    void giveUp(WindowRun run) throws LedgerException {
        parked.delete(run.window, run.generation);
        run.emission.parked = 0;
    }
}
