package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.limit.ProjectLimit;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.RateLimitedException;
import io.github.camelmixpanel.export.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people read in the log: the plan and its cost, one line a committed window, and why nothing
 * happens.
 */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final String export;
    private final Board board;
    private final ProjectLimit limit;
    private final InstantSource clock;
    private final Instant started;

    Progress(String export, Board board, ProjectLimit limit, InstantSource clock) {
        this.export = export;
        this.board = board;
        this.limit = limit;
        this.clock = clock;
        this.started = clock.instant();
    }

    /** Called when windows have come to the board. */
    void planned(List<Window> added) {
        Window first = added.get(0);
        Window last = added.get(added.size() - 1);
        LOG.info(
                "{}: {} {} due, {} … {}: {} {}, {} of {} left this hour{}",
                export,
                added.size(),
                added.size() == 1 ? "window" : "windows",
                first,
                last,
                added.size(),
                added.size() == 1 ? "query" : "queries",
                limit.freeThisHour(),
                limit.queriesPerHour(),
                quotaWait(board.toFetch()).isZero()
                        ? ""
                        : ", about " + text(quotaWait(board.toFetch())) + " for the quota alone");
    }

    void resumed(Window window, int generation, long acknowledged, long lines) {
        LOG.info(
                "{}: window {} (generation {}) goes on from its spooled body, {} of {} lines are done",
                export,
                window,
                generation,
                number(acknowledged),
                number(lines));
    }

    void fetching(Window window, int generation) {
        LOG.debug("{}: asking for window {} (generation {})", export, window, generation);
    }

    void committed(Window window, long events, long badLines) {
        int done = board.committed();
        LOG.info(
                "{}: window {}/{} {} committed: {} {}{}, {} of {} queries left this hour{}",
                export,
                done,
                done + board.size(),
                window,
                number(events),
                events == 1 ? "event" : "events",
                badLines == 0 ? "" : ", " + number(badLines) + " bad lines set aside",
                limit.freeThisHour(),
                limit.queriesPerHour(),
                board.size() == 0 ? "" : ", about " + text(toGo(done)) + " to go");
    }

    private Duration toGo(int done) {
        Duration atThisRate =
                Duration.between(started, clock.instant())
                        .multipliedBy(board.size())
                        .dividedBy(done);
        Duration quota = quotaWait(board.toFetch());
        return quota.compareTo(atThisRate) > 0 ? quota : atThisRate;
    }

    /** How long the hourly limit alone makes {@code queries} wait, to the hour. */
    private Duration quotaWait(int queries) {
        int beyond = queries - limit.freeThisHour();
        if (beyond <= 0) {
            return Duration.ZERO;
        }
        return Duration.ofHours((beyond + limit.queriesPerHour() - 1) / limit.queriesPerHour());
    }

    void waiting(Instant until, String reason) {
        LOG.info("{}: waits until {}: {}", export, local(until), reason);
    }

    void rateLimited(RateLimitedException limited) {
        LOG.warn("{}: {}", export, limited.getMessage());
    }

    void failed(ExportException failure, RetryRule.Decision decision) {
        LOG.warn(
                "{}: {} Download {} of {}; asked again in {}.",
                export,
                sentence(failure.getMessage()),
                Math.min(decision.attempt(), decision.attempts()),
                decision.attempts(),
                text(decision.delay()));
    }

    void leftFailed(Window window, int failed, Throwable last) {
        LOG.warn(
                "{}: window {}: the route left {} {} failed, the last with {}. The next poll hands them out"
                        + " again from the spool, without a query.",
                export,
                window,
                number(failed),
                failed == 1 ? "event" : "events",
                last == null ? "no exception" : last.toString());
    }

    void lostBody(ExportException failure) {
        LOG.warn("{}: {} It is asked for again.", export, sentence(failure.getMessage()));
    }

    void lastFlushFailed(ExportException failure) {
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

    static String text(Duration duration) {
        long seconds = (duration.toMillis() + 999) / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = (seconds + 59) / 60;
        return minutes < 120 ? minutes + " min" : (minutes + 59) / 60 + " h";
    }
}
