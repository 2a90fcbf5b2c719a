package io.github.camelmixpanel.export.failure;

/**
 * An option is missing or wrong. The one-sentence message names it, what it is, and what is
 * allowed.
 */
public final class InvalidOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private InvalidOptionException(String message) {
        super(message);
    }

    /** For a value that may be shown. */
    public InvalidOptionException(String option, Object value, String allowed) {
        this("Option " + option + " is '" + value + "'; allowed is " + allowed);
    }

    /** For a value that must not be shown, or for options that do not go together. */
    public static InvalidOptionException hidingValues(String message) {
        return new InvalidOptionException(message);
    }
}
