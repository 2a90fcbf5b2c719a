package io.github.camelmixpanel.export.failure;

/**
 * A task was not carried out, for a reason other than Mixpanel: no fetcher took it in time, it was
 * lost, or a step after the query failed. The window is issued again.
 */
public final class TaskException extends ExportException {

    private static final long serialVersionUID = 1L;

    public TaskException(String message) {
        super(message, null);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
