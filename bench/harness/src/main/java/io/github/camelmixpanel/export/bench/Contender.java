package io.github.camelmixpanel.export.bench;

import java.io.IOException;

/**
 * Takes turns with others.
 *
 * @param what it is, for people
 * @param events that it exports in a turn
 * @param expected a line that it writes when it has done all of its work and no other
 */
record Contender(String name, String what, int events, String expected, Turn turn) {

    /** What is measured. */
    interface Turn {

        Measured take() throws IOException, InterruptedException;
    }

    /**
     * @throws IOException when it fails, or has done other work
     */
    Measured run() throws IOException, InterruptedException {
        Measured measured = turn.take();
        if (measured.output().lines().map(String::strip).noneMatch(expected::equals)) {
            throw new IOException(
                    "did other work: expected " + expected + ", found " + measured.output());
        }
        return measured;
    }
}
