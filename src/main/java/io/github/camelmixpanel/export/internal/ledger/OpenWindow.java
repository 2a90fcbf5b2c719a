package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Instant;
import java.util.List;

/**
 * A window whose verified body is on disk and which is not committed.
 *
 * @param generation what its commit will have
 * @param queryStartedAt when its query was admitted, by the clock of this machine
 * @param serverStartedAt the same by the server's {@code Date}, or null when it sent none; never
 *     later than it was
 * @param acknowledged the low watermark: all lines up to this one, 1-based and inclusive, are done;
 *     0 for none
 * @param compared how the body compared with the earlier exports, found before its first event is
 *     emitted; null until then, and with {@code deduplicate=false}
 * @param failed what the route left failed of the body
 */
public record OpenWindow(
        Window window,
        int generation,
        Instant queryStartedAt,
        Instant serverStartedAt,
        SpooledBody body,
        long acknowledged,
        Comparison compared,
        List<FailedLines> failed) {

    public OpenWindow {
        failed = List.copyOf(failed);
    }

    /** A body of which nothing is emitted yet. */
    public OpenWindow(
            Window window,
            int generation,
            Instant queryStartedAt,
            Instant serverStartedAt,
            SpooledBody body) {
        this(window, generation, queryStartedAt, serverStartedAt, body, 0, null, List.of());
    }

    /** The body contains nothing that happened at Mixpanel later, by the earlier of both clocks. */
    public Instant asOf() {
        return DayRecord.asOf(queryStartedAt, serverStartedAt);
    }

    /** What its commit records for each of its days, as long as their events are not counted. */
    public DayRecord record() {
        return new DayRecord(
                generation,
                queryStartedAt,
                serverStartedAt,
                window,
                body.events(),
                body.badLines(),
                body.bytes(),
                List.of());
    }

    public OpenWindow acknowledgedUpTo(long line) {
        return with(line, compared, failed);
    }

    /** The same with its comparison. */
    public OpenWindow compared(Comparison found) {
        return with(acknowledged, found, failed);
    }

    /** The same, as if nothing of it had failed; to be compared once more. */
    public OpenWindow begunAgain() {
        return with(acknowledged, null, List.of());
    }

    OpenWindow failed(List<FailedLines> left) {
        return with(acknowledged, compared, left);
    }

    private OpenWindow with(long line, Comparison found, List<FailedLines> left) {
        return new OpenWindow(
                window, generation, queryStartedAt, serverStartedAt, body, line, found, left);
    }
}
