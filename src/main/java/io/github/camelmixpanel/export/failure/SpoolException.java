package io.github.camelmixpanel.export.failure;

/**
 * The spool cannot hold a download, because the disk is full or {@code maxSpoolSize} too small for
 * one window, or what it held cannot be read.
 */
public final class SpoolException extends ExportException {

    private static final long serialVersionUID = 1L;

    private final boolean outOfReach;
    private final boolean tooLarge;

    public SpoolException(String message) {
        this(message, null);
    }

    public SpoolException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /**
     * @param outOfReach whether what was spooled may still be there
     */
    public SpoolException(String message, Throwable cause, boolean outOfReach) {
        this(message, cause, outOfReach, false);
    }

    private SpoolException(String message, Throwable cause, boolean outOfReach, boolean tooLarge) {
        super(message, cause);
        this.outOfReach = outOfReach;
        this.tooLarge = tooLarge;
    }

    /** A download brings more than there is room for, or than it is meant to bring. */
    public static SpoolException tooLarge(String message) {
        return new SpoolException(message, null, false, true);
    }

    @Override
    public boolean isTooLarge() {
        return tooLarge;
    }

    /** Whether what was spooled may still be there, and readable again shortly. */
    public boolean isOutOfReach() {
        return outOfReach;
    }
}
