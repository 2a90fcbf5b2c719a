package io.github.camelmixpanel.export.fetch;

/**
 * What an exception of the transport says, with its kind where the message alone would not tell.
 */
final class Causes {

    private Causes() {}

    static String text(Exception e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }
}
