package io.github.camelmixpanel.export.failure;

/**
 * A task was not carried out, by no fault of Mixpanel's: nobody took it in time, it was lost, or
 * what comes behind the query failed. The window is given out again.
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
