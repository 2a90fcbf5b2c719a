package io.github.camelmixpanel.export.failure;

import java.time.Duration;

/** The failures of a query that matter to its planner; their names travel between processes. */
public enum FailureKind {
    /** Mixpanel answered 429. */
    RATE_LIMITED,
    /** Mixpanel answered 401 or 403. */
    CREDENTIALS,
    /** Nothing could be sent. */
    UNREACHABLE,
    /** A server error, a timeout or a broken connection. */
    TRANSIENT,
    /** A query for fewer days may succeed. */
    TOO_LARGE,
    /** The body was not proven complete. */
    INCOMPLETE,
    /** Mixpanel refused the query itself. */
    INVALID_REQUEST,
    /** Mixpanel refused a day that has not begun. */
    DAY_NOT_BEGUN,
    /** Not Mixpanel's: the fetcher of the task, or a later step of its route. */
    FETCHER,
    /** The task came to its fetcher twice; the first time decides what becomes of it. */
    REPEATED;

    /** The kind of a failure; {@link #FETCHER} of whatever is not the query's own. */
    public static FailureKind of(Throwable failure) {
        if (failure instanceof RateLimitedException) {
            return RATE_LIMITED;
        } else if (failure instanceof CredentialsException) {
            return CREDENTIALS;
        } else if (failure instanceof UnreachableException) {
            return UNREACHABLE;
        } else if (failure instanceof TransientExportException broken) {
            return broken.isTooLarge() ? TOO_LARGE : TRANSIENT;
        } else if (failure instanceof IncompleteExportException) {
            return INCOMPLETE;
        } else if (failure instanceof InvalidExportRequestException) {
            return INVALID_REQUEST;
        } else if (failure instanceof DayNotBegunException) {
            return DAY_NOT_BEGUN;
        } else if (failure instanceof SpoolException spool && spool.isTooLarge()) {
            return TOO_LARGE;
        }
        return FETCHER;
    }

    /** The HTTP status of a failure that has one; 0 otherwise. */
    public static int status(Throwable failure) {
        if (failure instanceof CredentialsException refused) {
            return refused.status();
        }
        return failure instanceof InvalidExportRequestException refused ? refused.status() : 0;
    }

    public ExportException exception(String message, Duration retryAfter, int status) {
        return switch (this) {
            case RATE_LIMITED -> new RateLimitedException(message, retryAfter);
            case CREDENTIALS -> new CredentialsException(message, status);
            case UNREACHABLE -> new UnreachableException(message, null);
            case TRANSIENT -> new TransientExportException(message);
            case TOO_LARGE -> new TransientExportException(message, null, true);
            case INCOMPLETE -> new IncompleteExportException(message);
            case INVALID_REQUEST -> new InvalidExportRequestException(message, status);
            case DAY_NOT_BEGUN -> new DayNotBegunException(message);
            case FETCHER, REPEATED -> new TaskException(message);
        };
    }
}
