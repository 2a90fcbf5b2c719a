package io.github.camelmixpanel.export.failure;

/**
 * Mixpanel rejected the query itself (400, 402, 404 …): repeating it at once would only use up
 * quota.
 */
public final class InvalidExportRequestException extends ExportException {

    private static final long serialVersionUID = 1L;

    private final int status;

    public InvalidExportRequestException(String message, int status) {
        super(message, null);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    @Override
    public boolean isTooLarge() {
        return status == 413;
    }
}
