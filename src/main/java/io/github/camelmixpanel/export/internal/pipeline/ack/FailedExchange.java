package io.github.camelmixpanel.export.internal.pipeline.ack;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.ledger.FailedLines;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * An exchange that the route left failed, which counts its redeliveries only while the route takes
 * others. The {@link InFlight} that it came from guards it.
 */
public final class FailedExchange {

    private final AckTracker.Batch lines;
    private final List<ExportEvent> events;
    private final List<DedupeKey> keys;
    private Throwable cause;

    /** Failed since it was last counted. */
    private boolean fresh;

    /** How often it failed while the route was up, in all runs. */
    private int tries;

    /** The end of the pass in which it first failed; null before, and once it is proven. */
    private Instant since;

    /** Whether the route has taken another event since it first failed. */
    private boolean proven;

    /** {@link RouteHealth#taken} when it first failed. */
    private final long takenBefore;

    /**
     * @param earlier what an earlier run has found out about it, or null
     */
    FailedExchange(
            AckTracker.Batch lines,
            List<ExportEvent> events,
            List<DedupeKey> keys,
            long takenBefore,
            FailedLines earlier) {
        this.lines = lines;
        this.events = events;
        this.keys = keys;
        this.takenBefore = takenBefore;
        if (earlier != null) {
            tries = earlier.tries();
            since = earlier.since();
            proven = since == null;
        }
    }

    void failed(Throwable why) {
        cause = why;
        fresh = true;
    }

    /**
     * A pass is over.
     *
     * @param up whether the route is: a failure since the last such call has a reason of its own
     */
    void passed(boolean up, RouteHealth route, Instant now) {
        if (up) {
            tries += fresh ? 1 : 0;
            fresh = false;
            proven |= route.taken() > takenBefore;
        }
        since = proven ? null : since == null ? now : since;
    }

    int tries() {
        return tries;
    }

    /** For how long it fails without the route taking another event; null once it took one. */
    Duration unproven(Instant now) {
        return proven ? null : since == null ? Duration.ZERO : Duration.between(since, now);
    }

    /** What a later run has to know; nothing before the end of a pass. */
    Stream<FailedLines> kept() {
        return proven || since != null
                ? Stream.of(new FailedLines(List.of(lines.first()), tries, since))
                : Stream.empty();
    }

    AckTracker.Batch lines() {
        return lines;
    }

    List<DedupeKey> keys() {
        return keys;
    }

    public List<ExportEvent> events() {
        return events;
    }

    /** How it failed the last time; may be null. */
    public Throwable cause() {
        return cause;
    }

    /** How many events these carry. */
    public static long events(List<FailedExchange> failures) {
        return failures.stream().mapToLong(failure -> failure.events.size()).sum();
    }
}
