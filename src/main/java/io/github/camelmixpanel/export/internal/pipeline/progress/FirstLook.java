package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, once, what a mistake in the options looks like when an export begins: nothing is due, or
 * all that is found is empty. Used by the polling thread.
 */
public final class FirstLook {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");

    private final ExportSettings settings;
    private final ExportCounters counters;
    private final InstantSource clock;
    private boolean neverExported;
    private boolean planned;

    /**
     * @param neverExported whether nothing has been committed before
     */
    public FirstLook(
            ExportSettings settings,
            ExportCounters counters,
            InstantSource clock,
            boolean neverExported) {
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.neverExported = neverExported;
    }

    /** Called after each plan. */
    public void planned(boolean nothingDue, Instant nextDue) {
        if (nothingDue && !planned) {
            nothingDue(nextDue);
        }
        planned = true;
    }

    private void nothingDue(Instant nextDue) {
        LocalDate from = settings.range().fromDate();
        LocalDate today = LocalDate.ofInstant(clock.instant(), settings.timeZone());
        if (from != null && from.isAfter(today)) {
            LOG.warn(
                    "{}: nothing is due: fromDate={} is in the future, as today is {} in {}. Nothing is"
                            + " exported before; check fromDate.",
                    settings.name(),
                    from,
                    today,
                    settings.timeZone());
        } else {
            LOG.info(
                    "{}: nothing is due{}",
                    settings.name(),
                    nextDue.equals(Instant.MAX)
                            ? ", and nothing will be"
                            : " before " + LogText.local(nextDue));
        }
    }

    /** Called at the end of each poll. */
    public void polled() {
        ExportCounts found = counters.counts();
        if (neverExported && found.windows() > 0 && found.events() + found.badLines() == 0) {
            LOG.warn(
                    "{}: this first export found no event: {} empty. If there should be"
                            + " some, check region ({}), projectId ({}), {}, where ({}) and the dates.",
                    settings.name(),
                    found.windows() == 1
                            ? "its window is"
                            : "all " + found.windows() + " windows are",
                    settings.baseUrl().getHost(),
                    settings.credentials().projectId(),
                    LogText.asked(settings.query()),
                    settings.query().where() == null ? "none" : settings.query().where());
        }
        neverExported &= found.windows() == 0;
    }
}
