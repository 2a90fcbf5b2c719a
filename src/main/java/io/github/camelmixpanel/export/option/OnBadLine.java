package io.github.camelmixpanel.export.option;

/** What happens to a line that is no event object, in a body that is otherwise complete. */
public enum OnBadLine {
    /**
     * The line goes to the {@code quarantine} folder and is reported to the exception handler; the
     * other lines are emitted.
     */
    QUARANTINE,
    /** Nothing of its window is emitted. */
    FAIL
}
