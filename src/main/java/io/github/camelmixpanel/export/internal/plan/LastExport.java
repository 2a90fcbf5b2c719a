package io.github.camelmixpanel.export.internal.plan;

import java.time.Instant;

/**
 * When a day was last asked for.
 *
 * @param startedAt by this machine's clock, which counts the intervals
 * @param asOf what happened at Mixpanel later is not in it; not after {@code startedAt}
 */
public record LastExport(Instant startedAt, Instant asOf) {}
