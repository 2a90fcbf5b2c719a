package io.github.camelmixpanel.export.failure;

import java.time.Duration;
import java.util.Optional;

/**
 * What can go wrong with one window, or with a whole export. The message names the window or
 * option, what was expected and found, and what to do next; it never holds a credential.
 */
public abstract sealed class ExportException extends Exception
        permits RateLimitedException,
                UnreachableException,
                TransientExportException,
                IncompleteExportException,
                CredentialsException,
                DayNotBegunException,
                InvalidExportRequestException,
                MalformedEventException,
                TaskException,
                QuotaExhaustedException,
                SpoolException,
                LedgerException {

    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;

    protected ExportException(String message, Throwable cause) {
        this(message, cause, null);
    }

    /**
     * @param retryAfter as {@link #retryAfter()}, or null
     */
    protected ExportException(String message, Throwable cause, Duration retryAfter) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** Whether the same query may succeed shortly; if not, the window waits an hour or more. */
    public boolean retryable() {
        return false;
    }

    /** Whether queries for fewer days may bring some of them where this one did not. */
    public boolean isTooLarge() {
        return false;
    }

    /** How long the server asked to wait, or until there is quota; empty when that is not known. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
