package io.github.camelmixpanel.export.internal.split.scan;

/**
 * Reports a line that is not an event. The message is the reason, such as {@code JSON ends early at
 * column 120}, and never holds the line's content.
 */
public final class NotAnEvent extends Exception {

    private static final long serialVersionUID = 1L;

    NotAnEvent(String reason) {
        super(reason, null, false, false); // one of many in a broken body: no stack trace
    }
}
