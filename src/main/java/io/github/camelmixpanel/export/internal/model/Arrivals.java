package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;

/**
 * A span of processing times: the events whose {@code mp_processing_time_ms} lies in it. Mixpanel
 * writes that property, in true UTC in all projects (documented).
 *
 * @param from inclusive, in whole milliseconds
 * @param to exclusive, in whole milliseconds
 */
public record Arrivals(Instant from, Instant to) {

    /**
     * @throws IllegalArgumentException when the span is empty
     */
    public Arrivals {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "Arrivals from " + from + " cannot end at " + to + ", before they begin");
        }
    }
}
