package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;
import java.util.Optional;

/**
 * How far one window that is due has come, at one instant.
 *
 * @param kind why it is due: {@code today}, {@code revisit}, {@code backfill}
 * @param generation what its commit will have
 * @param acknowledgedLines up to which all lines are done, according to the ledger
 * @param waitsUntil in RETRY_WAIT: the time of its next query
 * @param trouble why it is not further; empty when nothing is wrong
 */
public record WindowStatus(
        Window window,
        String kind,
        WindowState state,
        int generation,
        Download download,
        long acknowledgedLines,
        Optional<Instant> waitsUntil,
        Optional<Verdict.Trouble> trouble) {

    /**
     * @param querying in FETCHING: whether its query was sent, so that it does not wait for a
     *     permit
     * @param queries made for this generation since the route was started, failed ones included
     * @param bytes received so far, or in the verified body
     * @param lines in the verified body; 0 until there is one
     */
    public record Download(boolean querying, int queries, long bytes, long lines) {}
}
