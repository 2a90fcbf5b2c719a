package io.github.camelmixpanel.export.failure;

/**
 * Another process, or another CamelContext, has the state; the message says which and until when.
 */
public final class StateInUseException extends LedgerException {

    private static final long serialVersionUID = 1L;

    public StateInUseException(String message) {
        super(message);
    }
}
