package io.github.camelmixpanel.export.bench;

import java.util.concurrent.atomic.LongAdder;

/** What a contender has handled: the line {@code result <events> <sum>}. Thread-safe. */
final class Result {

    private static final String MARK = "result ";

    private final LongAdder events = new LongAdder();
    private final LongAdder sum = new LongAdder();

    void add(long eventSum) {
        events.increment();
        sum.add(eventSum);
    }

    @Override
    public String toString() {
        return text(events.sum(), sum.sum());
    }

    static String text(long events, long sum) {
        return MARK + events + " " + sum;
    }
}
