package io.github.camelmixpanel.export.simulator;

/** Says why a {@code where} expression is outside of what the simulator understands. */
final class InvalidWhereException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidWhereException(String message) {
        super(message);
    }
}
