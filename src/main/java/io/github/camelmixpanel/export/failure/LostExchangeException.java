package io.github.camelmixpanel.export.failure;

/**
 * The route has dropped an exchange, so that nobody can complete it: its events are handed out
 * again.
 */
public final class LostExchangeException extends Exception {

    private static final long serialVersionUID = 1L;

    public LostExchangeException() {
        super(
                "The route dropped the exchange without completing it. A seda queue that is full"
                        + " does so unless it has blockWhenFull=true");
    }
}
