package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.ledger.DayRecord;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, once, what a mistake in the options looks like when an export begins: nothing is due, or
 * all that is found is empty. Used by the polling thread.
 */
public final class FirstLook {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.camelmixpanel.export");

    /** A single day without events tells nothing. */
    private static final int TELLING_DAYS = 2;

    private final ExportSettings settings;
    private final ExportCounters counters;
    private final InstantSource clock;
    private final Ledger ledger;
    private boolean neverExported;
    private boolean planned;
    private volatile boolean found;

    /** For other threads: why that may be; null when there was an event, or nothing to find. */
    private volatile String empty;

    public FirstLook(
            ExportSettings settings, Ledger ledger, ExportCounters counters, InstantSource clock) {
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.ledger = ledger;
        this.neverExported = ledger.days().isEmpty();
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

    /**
     * Called at the end of each poll.
     *
     * @param over whether no window is left: those not committed yet may have events
     */
    public void polled(boolean over) {
        ExportCounts counts = counters.counts();
        found |= counts.toRoute().events() + counts.toRoute().badLines() > 0;
        boolean exported = over && counts.toRoute().windows() > 0;
        if (neverExported && exported && !found) {
            LOG.warn(
                    "{}: this first export found no event: {} empty. If there should be some, {}.",
                    settings.name(),
                    counts.toRoute().windows() == 1
                            ? "its window is"
                            : "all " + counts.toRoute().windows() + " windows are",
                    advice());
        }
        neverExported &= !exported;
        empty = found ? null : lookForDays();
    }

    private String lookForDays() {
        Collection<DayRecord> days = ledger.days().values();
        found = days.stream().anyMatch(day -> day.events() + day.badLines() > 0);
        return found || days.size() < TELLING_DAYS
                ? null
                : "Mixpanel has no event in %s. If there should be some, %s."
                        .formatted(LogText.counted(days.size(), "day", "days"), advice());
    }

    private String advice() {
        return "check region (%s), projectId (%s), %s, where (%s) and the dates"
                .formatted(
                        settings.baseUrl().getHost(),
                        settings.credentials().projectId(),
                        LogText.asked(settings.query()),
                        settings.query().where() == null ? "none" : settings.query().where());
    }

    /** What it looks like when no day that was exported has an event; any thread may ask. */
    public Optional<String> empty() {
        return Optional.ofNullable(empty);
    }
}
