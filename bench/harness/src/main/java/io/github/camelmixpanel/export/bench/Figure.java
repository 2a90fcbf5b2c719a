package io.github.camelmixpanel.export.bench;

import java.util.function.ToDoubleFunction;

/**
 * A ratio of two contenders, in the same round and for each event.
 *
 * @param over name of the contender above the line
 * @param under name of the one below
 * @param limit what must be held; 0 for none
 * @param aim where it is to go
 * @param moreIsBetter whether limit and aim are to be exceeded
 */
record Figure(
        String what,
        String over,
        String under,
        Of of,
        double limit,
        double aim,
        boolean moreIsBetter) {

    /** What is compared. */
    enum Of {
        WALL(Measured::wall, true),
        CPU(Measured::cpu, true),
        MEMORY(Measured::megabytes, false);

        private final ToDoubleFunction<Measured> value;
        private final boolean forEachEvent;

        Of(ToDoubleFunction<Measured> value, boolean forEachEvent) {
            this.value = value;
            this.forEachEvent = forEachEvent;
        }

        double of(Contender contender, Measured measured) {
            double total = value.applyAsDouble(measured);
            return forEachEvent ? total / contender.events() : total;
        }
    }

    static Figure atMost(String what, String over, String under, Of of, double limit, double aim) {
        return new Figure(what, over, under, of, limit, aim, false);
    }

    static Figure atLeast(String what, String over, String under, Of of, double limit, double aim) {
        return new Figure(what, over, under, of, limit, aim, true);
    }

    boolean holds(double ratio) {
        return moreIsBetter ? ratio >= limit : ratio <= limit;
    }
}
