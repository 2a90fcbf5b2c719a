package io.github.camelmixpanel.export.failure;

import java.time.Duration;

/** Mixpanel answered 429: the whole project waits. Not counted as a failure of the window. */
public final class RateLimitedException extends ExportException {

    private static final long serialVersionUID = 1L;

    /**
     * @param retryAfter what the server asked for, or null if it did not say
     */
    public RateLimitedException(String message, Duration retryAfter) {
        super(message, null, retryAfter);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
