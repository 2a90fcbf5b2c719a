package io.github.camelmixpanel.export.internal.limit;

import java.time.Instant;

/**
 * What a query must wait for.
 *
 * @param until when it ends as far as is known; null if it ends with another query
 */
record Wait(Instant until, String reason) {}
