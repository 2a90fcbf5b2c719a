package io.github.camelmixpanel.export.internal.fetch;

/** Describes transport exceptions. */
final class TransportErrors {

    private TransportErrors() {}

    /** The kind of the exception and its message, if it has one. */
    static String text(Exception e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }
}
