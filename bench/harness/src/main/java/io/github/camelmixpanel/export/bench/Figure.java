package io.github.camelmixpanel.export.bench;

import java.util.function.ToDoubleFunction;

/**
 * A ratio of two contenders, in the same round and for each event.
 *
 * @param over name of the contender above the line
 * @param under name of the one below
 */
record Figure(String over, String under) {

    /** What is compared. */
    enum Of {
        CPU(Measured::cpu, true),
        WALL(Measured::wall, true),
        MEMORY(Measured::megabytes, false);

        private final ToDoubleFunction<Measured> value;
        private final boolean grows; // with the events

        Of(ToDoubleFunction<Measured> value, boolean grows) {
            this.value = value;
            this.grows = grows;
        }

        /** Seconds, or megabytes. */
        double total(Measured measured) {
            return value.applyAsDouble(measured);
        }

        double forEachEvent(Contender contender, Measured measured) {
            return grows ? total(measured) / contender.events() : total(measured);
        }
    }
}
