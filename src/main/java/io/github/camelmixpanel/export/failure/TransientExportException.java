package io.github.camelmixpanel.export.failure;

/** A server error, a timeout or a broken connection: the same query may succeed later. */
public final class TransientExportException extends ExportException {

    private static final long serialVersionUID = 1L;

    public TransientExportException(String message) {
        this(message, null);
    }

    public TransientExportException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
