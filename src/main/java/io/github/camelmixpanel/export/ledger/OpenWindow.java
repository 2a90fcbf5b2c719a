package io.github.camelmixpanel.export.ledger;

import io.github.camelmixpanel.export.model.SpooledBody;
import io.github.camelmixpanel.export.model.Window;
import java.time.Instant;

/**
 * A window whose verified body is on disk and which is not committed.
 *
 * @param generation what its commit will have
 * @param queryStartedAt when its query was admitted
 * @param acknowledged the low watermark: all lines up to this one, 1-based and inclusive, are done;
 *     0 for none
 */
public record OpenWindow(
        Window window,
        int generation,
        Instant queryStartedAt,
        SpooledBody body,
        long acknowledged) {

    OpenWindow acknowledgedUpTo(long line) {
        return new OpenWindow(window, generation, queryStartedAt, body, line);
    }
}
