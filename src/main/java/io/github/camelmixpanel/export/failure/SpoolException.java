package io.github.camelmixpanel.export.failure;

/**
 * The spool cannot hold a download: disk full, or {@code maxSpoolSize} too small for one window.
 */
public final class SpoolException extends ExportException {

    private static final long serialVersionUID = 1L;

    public SpoolException(String message) {
        this(message, null);
    }

    public SpoolException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
