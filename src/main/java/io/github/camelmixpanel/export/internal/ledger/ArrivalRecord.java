package io.github.camelmixpanel.export.internal.ledger;

import java.time.Instant;

/**
 * What the arrival queries have brought so far: everything that Mixpanel processed from {@code
 * since}, inclusive, to {@code until}, exclusive, on the days that they cover.
 *
 * @param generation the number of the last one that was committed, from 1
 */
public record ArrivalRecord(int generation, Instant since, Instant until) {

    /**
     * The same when its days were reopened: without a span, as all of it has to be queried again.
     */
    ArrivalRecord reopened() {
        return new ArrivalRecord(generation, null, null);
    }
}
