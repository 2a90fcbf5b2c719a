package io.github.camelmixpanel.export.internal.limit;

import java.time.Instant;

/** Receives waits that are worth a log line, from the waiting thread, once per reason. */
@FunctionalInterface
public interface WaitListener {

    /**
     * @param until when the query can start as far as is known; not after now when that depends on
     *     the end of another query
     * @param reason such as {@code 60 of 60 queries used in the last hour}
     */
    void waiting(Instant until, String reason);
}
