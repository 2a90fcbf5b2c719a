package io.github.camelmixpanel.export.failure;

/** The durable record of an export cannot be read or written, or belongs to another query. */
public sealed class LedgerException extends ExportException permits StateInUseException {

    private static final long serialVersionUID = 1L;

    public LedgerException(String message) {
        this(message, null);
    }

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
