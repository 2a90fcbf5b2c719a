package io.github.camelmixpanel.export.failure;

/** An answer of status 200 that is not proven complete; nothing of it is emitted. */
public final class IncompleteExportException extends ExportException {

    private static final long serialVersionUID = 1L;

    public IncompleteExportException(String message) {
        this(message, null);
    }

    public IncompleteExportException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
