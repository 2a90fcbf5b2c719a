package io.github.camelmixpanel.export.failure;

/** A server error, a timeout or a broken connection: the same query may succeed later. */
public final class TransientExportException extends ExportException {

    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    public TransientExportException(String message) {
        this(message, null);
    }

    public TransientExportException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /**
     * @param tooLarge whether the query may have taken too long for the number of its days
     */
    public TransientExportException(String message, Throwable cause, boolean tooLarge) {
        super(message, cause);
        this.tooLarge = tooLarge;
    }

    @Override
    public boolean isTooLarge() {
        return tooLarge;
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
