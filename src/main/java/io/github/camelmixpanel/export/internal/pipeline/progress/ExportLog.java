package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people read in the log: the plan and its cost, one line a committed window, and why nothing
 * happens.
 */
public final class ExportLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private static final Duration HEARTBEAT = Duration.ofMinutes(1);

    private final String export;
    private final Board board;
    private final ProjectLimit limit;
    private final ExportCounters tally;
    private final Eta pace;
    private final InstantSource clock;
    private final Heartbeat heartbeat;
    private Instant told;
    private volatile Heartbeat.Wait wait;
    private boolean dayNotBegunTold;

    public ExportLog(
            String export,
            Board board,
            ProjectLimit limit,
            ExportCounters tally,
            Eta pace,
            InstantSource clock) {
        this.export = export;
        this.board = board;
        this.limit = limit;
        this.tally = tally;
        this.pace = pace;
        this.clock = clock;
        this.told = clock.instant();
        this.heartbeat = new Heartbeat(told);
    }

    /** A poll begins. */
    public void begin() {
        told = clock.instant();
    }

    /** When {@link #beat} has something to say, unless a window is committed before. */
    public Instant nextBeat() {
        return told.plus(HEARTBEAT);
    }

    /**
     * Called now and then by the polling thread: after a minute without a line, says how far it is.
     */
    public void beat() {
        Instant now = clock.instant();
        if (now.isBefore(nextBeat())) {
            return;
        }
        told = now;
        int left = board.size();
        if (left == 0) {
            return;
        }
        int done = board.committed();
        LOG.info(
                "{}: {} of {} windows are committed; {}{}",
                export,
                done,
                done + left,
                heartbeat.text(now, board.status(), tally.counts().bytes(), wait),
                toGo());
    }

    private String toGo() {
        return pace.toGo().map(it -> ", about " + text(it) + " to go").orElse("");
    }

    /** Called when windows have come to the board. */
    public void planned(List<DueWindow> added) {
        told = clock.instant();
        if (board.size() == added.size()) {
            pace.begin();
        }
        Duration quota = pace.quotaWait(board.toFetch());
        LOG.info(
                "{}: {} due: {}, {} of {} left this hour{}",
                export,
                added.stream()
                        .map(DueWindow::kind)
                        .distinct()
                        .sorted()
                        .map(kind -> days(added, kind))
                        .collect(Collectors.joining(", ")),
                added.size() == 1 ? "1 query" : number(added.size()) + " queries",
                limit.freeThisHour(),
                limit.queriesPerHour(),
                quota.isZero() ? "" : ", about " + text(quota) + " for the quota alone");
    }

    private static String days(List<DueWindow> due, DueWindow.Kind kind) {
        List<Window> windows =
                due.stream()
                        .filter(it -> it.kind() == kind)
                        .map(DueWindow::window)
                        .sorted(Comparator.comparing(Window::fromDate))
                        .toList();
        Window first = windows.get(0);
        Window last = windows.get(windows.size() - 1);
        String span =
                windows.size() == 1 ? first.toString() : first.fromDate() + ".." + last.toDate();
        return switch (kind) {
            case TODAY -> "today " + span;
            case ARRIVALS ->
                    "arrivals since "
                            + first.arrivals().from().truncatedTo(ChronoUnit.SECONDS)
                            + " on "
                            + first.fromDate()
                            + ".."
                            + first.toDate();
            case REVISIT -> "revisit " + span;
            case BACKFILL ->
                    (windows.size() == 1 ? "window " : windows.size() + " windows ") + span;
        };
    }

    /** Called when an export has nothing to do at its start. */
    public void nothingDue(Instant nextDue) {
        LOG.info(
                "{}: nothing is due{}",
                export,
                nextDue.equals(Instant.MAX)
                        ? ", and nothing will be"
                        : " before " + local(nextDue));
    }

    public void resumed(Window window, int generation, long acknowledged, long lines) {
        LOG.debug(
                "{}: window {} (generation {}) goes on from its spooled body, {} of {} lines are done",
                export,
                window,
                generation,
                number(acknowledged),
                number(lines));
    }

    public void fetching(Window window, int generation) {
        LOG.debug("{}: asking for window {} (generation {})", export, window, generation);
    }

    public void handedOut(ExportTask task) {
        LOG.debug(
                "{}: window {} (generation {}) is given out as task {}",
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
                "{}: {} Window {} waits until its task is lost, at {}.",
                export,
                sentence(failure.getMessage()),
                task.window(),
                local(task.deadline()));
    }

    public void outcomeIgnored(ExportTask task) {
        LOG.info(
                "{}: an outcome of task {} for window {} came after it was given up, and is ignored",
                export,
                task.id(),
                task.window());
    }

    public void otherEmit(Window window, String becomes) {
        LOG.warn("{}: emit has changed: window {}{}", export, window, becomes);
    }

    public void committed(WindowSummary summary) {
        told = clock.instant();
        int done = board.committed();
        LOG.info(
                "{}: window {}/{} {} committed: {}{}{}{}, {} of {} queries left this hour{}",
                export,
                done,
                done + board.size(),
                summary.window(),
                summary.events() == 1 ? "1 event" : number(summary.events()) + " events",
                compared(summary),
                summary.badLines() == 0
                        ? ""
                        : ", " + number(summary.badLines()) + " bad lines set aside",
                summary.parked() == 0 ? "" : ", parked=" + summary.parked(),
                limit.freeThisHour(),
                limit.queriesPerHour(),
                toGo());
    }

    /** What a download has that earlier ones had not, and the other way round. */
    private static String compared(WindowSummary summary) {
        Comparison found = summary.compared();
        if (summary.generation() > 1) {
            return " (generation "
                    + summary.generation()
                    + ": "
                    + number(found.emitted())
                    + " new, "
                    + number(found.known())
                    + " known, "
                    + number(found.vanished())
                    + " vanished"
                    + some(found.rewritten(), " with another distinct_id")
                    + some(found.repeated(), " repeated")
                    + ")";
        }
        return found.duplicates() == 0
                ? ""
                : " (" + number(found.duplicates()) + " duplicates left out)";
    }

    private static String some(long count, String what) {
        return count == 0 ? "" : ", " + number(count) + what;
    }

    /** A route may refuse an exchange without an exception. */
    private static String reason(Throwable failure) {
        return failure == null ? "no exception" : failure.toString();
    }

    public void noticeRefused(Window window, Throwable cause) {
        LOG.warn(
                "{}: the route refused the notice that window {} is complete ({}). It is told again"
                        + " later.",
                export,
                window,
                reason(cause));
    }

    /** The events are read anew and their keys made anew: that takes longer, and nothing else. */
    public void notesEnd(IOException e) {
        LOG.warn(
                "{}: cannot keep or read what was found when a body was verified: {}. Its events"
                        + " are read anew, which takes longer. Free disk space, or make"
                        + " stateDirectory readable and writable",
                export,
                e.toString());
    }

    public void keysNotClosed(IOException e) {
        LOG.warn("{}: cannot close the files of dedupe keys: {}", export, e.toString());
    }

    /** Told by each thread that waits; of a long wait the first heartbeat comes at once. */
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

    public void rateLimited(RateLimitedException limited) {
        LOG.warn("{}: {}", export, limited.getMessage());
    }

    public void timeZoneMisfit(String message) {
        LOG.warn("{}: {}", export, message);
    }

    /** Logged once: it would be the same every hour until the option is mended. */
    public synchronized void dayNotBegun(ExportException failure) {
        if (!dayNotBegunTold) {
            dayNotBegunTold = true;
            LOG.warn("{}: {} The other days go on.", export, sentence(failure.getMessage()));
        }
    }

    public void failed(ExportException failure, RetryRule.Decision decision) {
        LOG.warn(
                "{}: {} Download {} of {}; asked again in {}.",
                export,
                sentence(failure.getMessage()),
                Math.min(decision.attempt(), decision.attempts()),
                decision.attempts(),
                text(decision.delay()));
    }

    public void handlerFailed(ExportException failure, RuntimeException thrown) {
        LOG.warn(
                "{}: the exception handler threw {} when it was told: {}",
                export,
                thrown,
                failure.getMessage());
    }

    public void leftFailed(
            Window window, long failed, boolean down, Duration backoff, Throwable last) {
        LOG.warn(
                "{}: window {}: the route left {} failed{}, the last with {}. {} handed out again from"
                        + " the spool in {}, without a query.",
                export,
                window,
                failed == 1 ? "1 event" : number(failed) + " events",
                down ? " and took no other since" : "",
                reason(last),
                failed == 1 ? "It is" : "They are",
                text(backoff));
    }

    public void parked(Window window, List<ExportEvent> events, Throwable cause) {
        for (ExportEvent event : events) {
            LOG.warn(
                    "{}: window {}, line {}: the route cannot take this event ({}). It is parked in the"
                            + " folder parked until it is resumed or dropped; the others go on.",
                    export,
                    window,
                    event.line(),
                    reason(cause));
        }
    }

    public void resumedParked(Window window, long taken, long left, Throwable last) {
        if (left == 0) {
            LOG.info(
                    "{}: window {}: the route took what was parked: {}",
                    export,
                    window,
                    number(taken));
        } else {
            LOG.warn(
                    "{}: window {}: the route took {} of the parked events, {} stay parked, the last"
                            + " with {}.",
                    export,
                    window,
                    number(taken),
                    number(left),
                    reason(last));
        }
    }

    public void dropped(Window window, long events) {
        LOG.warn(
                "{}: window {}: {} parked events are given up, as told.",
                export,
                window,
                number(events));
    }

    public void windowDropped(Window window) {
        LOG.warn(
                "{}: window {} is committed as it is, as told: what the route did not take of it is"
                        + " given up.",
                export,
                window);
    }

    public void heldBeyondClose(Exception e) {
        LOG.debug("{}: the route let go of its polling thread after it was stopped: {}", export, e);
    }

    void stuck(InFlight.Stuck stuck) {
        LOG.warn(
                "{}: {}. Its window waits for it. Expected: every exchange is completed; look where the"
                        + " route holds it, or whether something has dropped it without completing it.",
                export,
                stuck);
    }

    public void windowParked(Window window, long failed, long parked, Throwable last) {
        LOG.error(
                "{}: window {} is parked: the route cannot take {} of its events, after {} that are"
                        + " parked already, the last with {}. Expected at most 1 %. Its download is kept;"
                        + " mend the route, then resume the window or drop it. Other windows go on.",
                export, window, number(failed), number(parked), reason(last));
    }

    public void pollBroken(String trouble) {
        LOG.error("{}: {}", export, sentence(trouble));
    }

    public void lostBody(ExportException failure) {
        LOG.warn("{}: {} It is asked for again.", export, sentence(failure.getMessage()));
    }

    public void flushFailed(ExportException failure) {
        LOG.warn(
                "{}: {} What was acknowledged since the last second may be repeated.",
                export,
                sentence(failure.getMessage()));
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    private static String local(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public static String text(Duration duration) {
        long seconds = (duration.toMillis() + 999) / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = (seconds + 59) / 60;
        return minutes < 120 ? minutes + " min" : (minutes + 59) / 60 + " h";
    }
}
