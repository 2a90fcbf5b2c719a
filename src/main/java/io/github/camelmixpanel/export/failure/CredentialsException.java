package io.github.camelmixpanel.export.failure;

/**
 * Mixpanel or the proxy rejected the credentials: the whole export waits an hour, or for the route
 * to be restarted.
 */
public final class CredentialsException extends ExportException {

    private static final long serialVersionUID = 1L;

    private final int status;

    public CredentialsException(String message, int status) {
        super(message, null);
        this.status = status;
    }

    /** None: where it was found says nothing about credentials. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
