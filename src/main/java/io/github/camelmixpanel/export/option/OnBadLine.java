package io.github.camelmixpanel.export.option;

/** What happens to a line that is no event object, in a body that is otherwise complete. */
public enum OnBadLine {
    /**
     * It is set aside in the {@code quarantine} folder and told to the exception handler; the
     * others are emitted.
     */
    QUARANTINE,
    /** Nothing of its window is emitted. */
    FAIL
}
