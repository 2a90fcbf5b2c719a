package io.github.camelmixpanel.export.failure;

/** A line that is no event object, or a window that holds one while {@code onBadLine=FAIL}. */
public final class MalformedEventException extends ExportException {

    private static final long serialVersionUID = 1L;

    public MalformedEventException(String message) {
        this(message, null);
    }

    public MalformedEventException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The other days are sound. */
    @Override
    public boolean isTooLarge() {
        return true;
    }
}
