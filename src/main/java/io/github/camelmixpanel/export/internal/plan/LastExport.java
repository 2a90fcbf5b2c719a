package io.github.camelmixpanel.export.internal.plan;

import java.time.Instant;

/**
 * When a day was last exported.
 *
 * @param startedAt by this machine's clock, which measures the intervals
 * @param asOf the export shows the day as of this time at Mixpanel; not after {@code startedAt}
 */
public record LastExport(Instant startedAt, Instant asOf) {}
