package io.github.camelmixpanel.export.failure;

/**
 * The route has dropped an exchange, so that it can never complete: its events are emitted again.
 */
public final class LostExchangeException extends Exception {

    private static final long serialVersionUID = 1L;

    public LostExchangeException() {
        super(
                "The route dropped the exchange without completing it. A seda queue that is full"
                        + " does so unless it has blockWhenFull=true");
    }
}
