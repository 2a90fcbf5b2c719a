package io.github.camelmixpanel.export.failure;

/**
 * No connection to Mixpanel could be made, so that nothing of the query was sent: it does not count
 * towards the quota, and may succeed later.
 */
public final class UnreachableException extends ExportException {

    private static final long serialVersionUID = 1L;

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
