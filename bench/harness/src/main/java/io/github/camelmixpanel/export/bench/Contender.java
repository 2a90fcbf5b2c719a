package io.github.camelmixpanel.export.bench;

/**
 * Whole processes that export events.
 *
 * @param what it is, for people
 * @param command for bash; what it writes ends in the line expected
 * @param events that it downloads
 * @param expected the last line that it writes when it has done all of its work and no other
 * @param everyRound whether it runs in each round; else, as it takes long, in each second one
 */
record Contender(
        String name, String what, String command, int events, String expected, boolean everyRound) {

    /** Whether it has done its work. */
    boolean isDone(Measured measured) {
        String output = measured.output().strip();
        return output.substring(output.lastIndexOf('\n') + 1).strip().equals(expected);
    }

    /** The same, with other words for people. */
    Contender named(String other) {
        return new Contender(name, other, command, events, expected, everyRound);
    }
}
