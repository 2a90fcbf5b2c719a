package io.github.camelmixpanel.export.option;

/** What happens when an export starts whose state another process has. */
public enum OnStateInUse {
    /** It does not start. */
    FAIL,
    /** It is a standby, and takes over when the other one is gone. */
    WAIT
}
