package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.route.WindowListener;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.text.Spans;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what people need to follow an export: the plan and its cost, one line per committed window,
 * and at least once a minute how far the export is or what it waits for.
 */
public final class ExportLog implements WindowListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");
    private static final Duration HEARTBEAT = Duration.ofMinutes(1);

    private final String export;
    private final String asked;
    private final Board board;
    private final ProjectLimit limit;
    private final ExportCounters counters;
    private final Outlook outlook;
    private final InstantSource clock;
    private final Heartbeat heartbeat;
    private final FailingRoute failingRoute;
    private volatile Instant logged;
    private volatile Heartbeat.Wait wait;
    private boolean dayNotBegunLogged;
    private String needed; // what the operator has to do, as logged last

    public ExportLog(
            ExportSettings settings,
            Board board,
            ProjectLimit limit,
            ExportCounters counters,
            Outlook outlook,
            InstantSource clock) {
        this.export = settings.name();
        this.asked = LogText.asked(settings.query());
        this.board = board;
        this.limit = limit;
        this.counters = counters;
        this.outlook = outlook;
        this.clock = clock;
        this.logged = clock.instant();
        this.heartbeat = new Heartbeat(logged);
        this.failingRoute = new FailingRoute(export);
    }

    /** A poll begins. */
    public void begin() {
        logged = clock.instant();
    }

    /** When {@link #beat} has something to say, unless a window is committed before. */
    public Instant nextBeat() {
        return logged.plus(HEARTBEAT);
    }

    /**
     * Called now and then by the polling thread: after a minute without a line, says how far it is.
     */
    public void beat() {
        Instant now = clock.instant();
        if (now.isBefore(nextBeat())) {
            return;
        }
        logged = now;
        BoardStatus status = board.status();
        if (status.windows().isEmpty()) {
            return;
        }
        LOG.info(
                "{}: {} are exported; {}{}",
                export,
                outlook.days(status),
                heartbeat.text(
                        now, status.windows(), counters.counts().fromMixpanel().bytes(), wait),
                outlook.toGo(status));
    }

    /** Called when windows have come to the board. */
    public void planned(List<DueWindow> added) {
        logged = clock.instant();
        BoardStatus status = board.status();
        if (status.windows().size() == added.size()) {
            outlook.eta().begin(status);
        }
        LOG.info(
                "{}: {} due: {}; {} of {} queries left this hour; {}",
                export,
                added.stream()
                        .map(DueWindow::kind)
                        .distinct()
                        .sorted()
                        .map(kind -> LogText.days(added, kind))
                        .collect(Collectors.joining(", ")),
                outlook.plan(status),
                limit.quota().free(),
                limit.quota().perHour(),
                asked);
    }

    public void recovered(Window window, int generation, long acknowledged, long lines) {
        LOG.debug(
                "{}: window {} (generation {}) resumes from its spooled body, {} of {} lines are done",
                export,
                window,
                generation,
                LogText.number(acknowledged),
                LogText.number(lines));
    }

    @Override
    public void windowStarted(Window window, int generation) {
        LOG.debug("{}: querying window {} (generation {})", export, window, generation);
    }

    public void taskIssued(ExportTask task) {
        LOG.debug(
                "{}: window {} (generation {}) is issued as task {}",
                export,
                task.window(),
                task.generation(),
                task.id());
    }

    public void taskTaken(ExportTask task) {
        LOG.debug("{}: the route took task {} for window {}", export, task.id(), task.window());
    }

    public void taskNotEnded(ExportTask task, ExportException failure) {
        LOG.warn(
                "{}: {} Window {} is issued again when its task times out, at {}.",
                export,
                LogText.sentence(failure.getMessage()),
                task.window(),
                LogText.local(task.deadline()));
    }

    public void outcomeIgnored(ExportTask task) {
        LOG.info(
                "{}: ignored an outcome of a task for window {}: it failed after it was given up, its"
                        + " window is committed, or this export did not issue it",
                export,
                task.window());
    }

    public void otherEmit(Window window, String becomes) {
        LOG.warn("{}: option emit has changed: window {}{}", export, window, becomes);
    }

    @Override
    public void windowCommitted(WindowSummary summary) {
        logged = clock.instant();
        BoardStatus status = board.status();
        LOG.info(
                "{}: window {} committed: {}{}{}{}, {}, {} of {} queries left this hour{}",
                export,
                summary.window(),
                LogText.counted(summary.download().events(), "event", "events"),
                LogText.compared(summary),
                LogText.badLines(summary.download().badLines()),
                summary.parked() == 0 ? "" : ", parked=" + summary.parked(),
                outlook.days(status),
                limit.quota().free(),
                limit.quota().perHour(),
                outlook.toGo(status));
    }

    public void noticeFailed(Window window, Throwable cause) {
        LOG.warn(
                "{}: the route failed on the notice that window {} is complete ({}). The next poll"
                        + " sends it again.",
                export,
                window,
                LogText.reason(cause));
    }

    public void notesEnd(IOException e) {
        LOG.warn(
                "{}: could not use the parse cache of a verified download ({}); parsing its events"
                        + " again, which is slower. Free disk space, or make stateDirectory readable"
                        + " and writable.",
                export,
                e.toString());
    }

    public void keysNotClosed(IOException e) {
        LOG.warn("{}: cannot close the files of dedupe keys: {}", export, e.toString());
    }

    /** Each thread that waits reports it; a long wait is logged at once. */
    public synchronized void waiting(Instant until, String reason) {
        Heartbeat.Wait now = new Heartbeat.Wait(until.truncatedTo(ChronoUnit.SECONDS), reason);
        if (isLong(until) && !now.equals(wait)) {
            LOG.info("{}: {}", export, Heartbeat.waiting(clock.instant(), now));
        }
        wait = now;
    }

    private boolean isLong(Instant until) {
        return !until.isBefore(clock.instant().plus(HEARTBEAT));
    }

    @Override
    public void rateLimited(RateLimitedException limited) {
        LOG.warn("{}: {}", export, limited.getMessage());
    }

    public void timeZoneMisfit(String message) {
        LOG.warn("{}: {}", export, message);
    }

    /** Logged once: it would be the same every hour until the option is fixed. */
    public synchronized void dayNotBegun(ExportException failure) {
        if (!dayNotBegunLogged) {
            dayNotBegunLogged = true;
            warn(failure, "The other days go on.");
        }
    }

    public void retryScheduled(ExportException failure, RetryRule.Decision decision) {
        LOG.warn(
                "{}: {} Attempt {} of {} failed; the next query is in {}.",
                export,
                LogText.sentence(failure.getMessage()),
                Math.min(decision.attempt(), decision.attempts()),
                decision.attempts(),
                Spans.of(decision.delay()));
    }

    public void windowCut(Window window, int longest, ExportException failure) {
        String most = LogText.counted(longest, "day", "days");
        String why = LogText.sentence(failure.getMessage());
        LOG.info("{}: {} {} is exported in windows of at most {}.", export, why, window, most);
    }

    /** A listener never fails a window; the exception handler of the route is one. */
    public void listenerFailed(RuntimeException thrown) {
        LOG.warn("{}: the exception handler or a listener threw {}", export, thrown, thrown);
    }

    /**
     * A pass over a window left events failed; they are emitted again.
     *
     * @param routeDown whether the route took no other event since
     */
    public void eventsLeftFailed(
            Window window, long events, boolean routeDown, Duration backoff, Throwable last) {
        failingRoute.leftFailed(clock.instant(), window, events, routeDown, backoff, last);
    }

    public void eventsParked(Window window, List<ExportEvent> events, Throwable cause) {
        for (ExportEvent event : events) {
            LOG.warn(
                    "{}: window {}, line {}: the route cannot take this event ({}). It is parked until an"
                            + " operator resumes or drops it; the other events are emitted.",
                    export,
                    window,
                    event.line(),
                    LogText.reason(cause));
        }
    }

    public void parkedResumed(Window window, long taken, long left, Throwable last) {
        if (left == 0) {
            LOG.info(
                    "{}: window {}: the route took all parked events: {}",
                    export,
                    window,
                    LogText.number(taken));
        } else {
            LOG.warn(
                    "{}: window {}: the route took {} of the parked events, {} stay parked, the last"
                            + " with {}.",
                    export,
                    window,
                    LogText.number(taken),
                    LogText.number(left),
                    LogText.reason(last));
        }
    }

    public void parkedDropped(Window window, long events) {
        String number = LogText.number(events);
        LOG.warn("{}: window {}: dropped {} events on request.", export, window, number);
    }

    public void windowDropped(Window window) {
        LOG.warn(
                "{}: window {}: committed as it is, on request; dropped what the route did not take.",
                export,
                window);
    }

    public void heldBeyondClose(Exception e) {
        LOG.debug("{}: the route held the polling thread beyond the close: {}", export, e);
    }

    /** Called once a minute: that an operator is needed, or no more, is logged once. */
    synchronized void verdict(Verdict verdict) {
        String now = verdict.state() == Verdict.State.NEEDS_YOU ? verdict.what() : null;
        if (now != null && !now.equals(needed)) {
            LOG.warn("{}: needs you: {}", export, now); // its cause has a line of its own
        } else if (now == null && needed != null) {
            LOG.info("{}: no action is needed any more; {}", export, verdict.text());
        }
        needed = now;
    }

    void stuck(InFlight.Stuck stuck) {
        LOG.warn(
                "{}: {}, and its window waits for it. Every exchange must be completed: look for where"
                        + " the route holds it, or dropped it without completing it.",
                export,
                stuck);
    }

    /**
     * @param parked events of it that were parked before
     */
    public void windowParked(Window window, long failed, long parked, Throwable last) {
        LOG.error(
                "{}: window {} is parked: the route cannot take {} of its events, besides {} that are"
                        + " parked already, the last with {}; at most 1 % may fail. Its download is kept:"
                        + " fix the route, then resume or drop the window. Other windows continue.",
                export,
                window,
                LogText.number(failed),
                LogText.number(parked),
                LogText.reason(last));
    }

    public void pollBroken(String trouble) {
        LOG.error("{}: {}", export, LogText.sentence(trouble));
    }

    public void bodyOutOfReach(ExportException failure, Duration delay) {
        warn(failure, "It is read again in " + Spans.of(delay) + ", before that.");
    }

    public void bodyLost(ExportException failure) {
        warn(failure, "The window is queried again.");
    }

    private void warn(ExportException failure, String andNow) {
        LOG.warn("{}: {} {}", export, LogText.sentence(failure.getMessage()), andNow);
    }

    /**
     * @param failure says what to do when it is an {@link ExportException}
     */
    public void backgroundFailed(String consequence, Throwable failure) {
        boolean foreseen = failure instanceof ExportException;
        LOG.warn(
                "{}: {} {}.",
                export,
                LogText.sentence(foreseen ? failure.getMessage() : failure.toString()),
                consequence,
                foreseen ? null : failure);
    }
}
