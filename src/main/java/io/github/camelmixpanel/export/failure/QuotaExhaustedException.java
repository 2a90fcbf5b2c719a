package io.github.camelmixpanel.export.failure;

import java.time.Duration;

/**
 * A window on demand was not queried: the project has no quota for it within {@code
 * onDemandTimeout}, or too many messages wait for it already. Nothing was sent or counted.
 */
public final class QuotaExhaustedException extends ExportException {

    private static final long serialVersionUID = 1L;

    /**
     * @param retryAfter until there is room, or null if that depends on the end of another query
     */
    public QuotaExhaustedException(String message, Duration retryAfter) {
        super(message, null, retryAfter);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
