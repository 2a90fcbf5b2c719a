package io.github.camelmixpanel.export.option;

/** What happens when an export starts whose state another process owns. */
public enum OnStateInUse {
    /** It does not start. */
    FAIL,
    /** It is a standby, and takes over when the other process is gone. */
    WAIT
}
