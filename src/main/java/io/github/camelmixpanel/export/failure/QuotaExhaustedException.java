package io.github.camelmixpanel.export.failure;

import java.time.Duration;
import java.util.Optional;

/**
 * A window on demand was not queried: the project has no quota for it within {@code
 * onDemandTimeout}, or too many messages wait for it already. Nothing was sent or counted.
 */
public final class QuotaExhaustedException extends ExportException {

    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;

    /**
     * @param retryAfter until there is room, or null if that depends on the end of another query
     */
    public QuotaExhaustedException(String message, Duration retryAfter) {
        super(message, null);
        this.retryAfter = retryAfter;
    }

    @Override
    public boolean retryable() {
        return true;
    }

    /** How long until there is room, as far as is known. */
    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
