package io.github.camelmixpanel.export;

import static java.util.stream.Collectors.joining;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.exchange.RequestedWindow;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.observe.RecentSnapshot;
import io.github.camelmixpanel.export.internal.observe.SnapshotJson;
import io.github.camelmixpanel.export.internal.pipeline.Export;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.Processor;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.util.json.JsonObject;

/**
 * The JMX attributes of an export, on the MBean of its consumer: each is one figure of the
 * snapshot. Figures of an export that was never started are 0, texts are empty. Thread-safe.
 */
abstract class ManagedConsumer extends ScheduledPollConsumer {

    private final RecentSnapshot recent = new RecentSnapshot(this::snapshot);

    ManagedConsumer(MixpanelExportEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    /** The state of the export, also when the route is stopped; empty until it is first started. */
    abstract Optional<ExportSnapshot> snapshot();

    /**
     * The running export.
     *
     * @throws IllegalStateException when the route is stopped or a standby
     */
    abstract Export running();

    /** As {@link #snapshot}, up to a tenth of a second old: attributes are read by the dozen. */
    final RecentSnapshot recentSnapshot() {
        return recent;
    }

    @ManagedAttribute(description = "WORKING, WAITING, NEEDS_YOU, FINISHED, STANDBY or STOPPED")
    public String getVerdict() {
        return text(it -> it.verdict().state().name());
    }

    @ManagedAttribute(description = "The same with what it waits for or needs, and how far it is")
    public String getVerdictText() {
        return text(it -> it.verdict().text());
    }

    @ManagedAttribute(description = "STOPPED, IDLE or POLLING")
    public String getExportActivity() {
        return text(it -> it.activity().name());
    }

    @ManagedAttribute(
            description =
                    "Windows that are due and not committed; of those not queried yet each day "
                            + "counts with windowDays=auto")
    public long getWindowsDue() {
        return figure(it -> it.work().windows().size());
    }

    @ManagedAttribute(description = "Windows committed since the route was started")
    public long getWindowsCommitted() {
        return figure(it -> it.counts().toRoute().windows());
    }

    @ManagedAttribute(description = "Events that the route has taken since it was started")
    public long getEventsExported() {
        return figure(it -> it.counts().toRoute().acknowledged());
    }

    @ManagedAttribute(description = "Events in the windows committed since the route was started")
    public long getEventsDownloaded() {
        return figure(it -> it.counts().toRoute().events());
    }

    @ManagedAttribute(description = "Events in these windows that the route has already taken")
    public long getEventDuplicates() {
        return figure(it -> it.counts().toRoute().duplicates());
    }

    @ManagedAttribute(description = "Lines in these windows that are not events")
    public long getBadLines() {
        return figure(it -> it.counts().toRoute().badLines());
    }

    @ManagedAttribute(description = "Bytes of downloads received since the route was started")
    public long getBytesReceived() {
        return figure(it -> it.counts().fromMixpanel().bytes());
    }

    @ManagedAttribute(description = "Queries sent to Mixpanel since the route was started")
    public long getQueries() {
        return figure(it -> it.counts().fromMixpanel().queries());
    }

    @ManagedAttribute(description = "Queries that Mixpanel answered with 429")
    public long getQueriesRateLimited() {
        return figure(it -> it.counts().fromMixpanel().rateLimited());
    }

    @ManagedAttribute(description = "Downloads that failed for another reason")
    public long getFailedDownloads() {
        return figure(it -> it.counts().fromMixpanel().failedDownloads());
    }

    @ManagedAttribute(description = "Queries that the project has left in the current hour")
    public long getQuotaFree() {
        return figure(it -> it.quota().free());
    }

    @ManagedAttribute(description = "Queries of the project that count in the current hour")
    public long getQuotaUsed() {
        return figure(it -> it.quota().used());
    }

    @ManagedAttribute(description = "When the oldest of these queries stops counting")
    public String getQuotaFreesAt() {
        return text(it -> it.quota().frees().map(Instant::toString).orElse(""));
    }

    @ManagedAttribute(description = "When the next query can start")
    public String getNextQueryAt() {
        return text(it -> it.quota().nextStart().toString());
    }

    @ManagedAttribute(description = "Exchanges emitted to the route and not yet completed")
    public long getEventsInFlight() {
        return figure(it -> it.usage().inFlight());
    }

    @ManagedAttribute(description = "Bytes of downloads on disk")
    public long getSpoolBytes() {
        return figure(it -> it.usage().spoolBytes());
    }

    @ManagedAttribute(
            description = "Seconds between now and the oldest event time not yet exported")
    public long getLagSeconds() {
        return figure(it -> it.pace().lag().toSeconds());
    }

    @ManagedAttribute(
            description = "Estimated seconds until the due windows are done; -1 when unknown")
    public long getSecondsToGo() {
        return figure(it -> it.pace().toGo().map(Duration::toSeconds).orElse(-1L));
    }

    @ManagedAttribute(
            description = "When the due windows are done, by the same estimate; empty when unknown")
    public String getDoneAt() {
        return text(it -> it.pace().toGo().map(it.at()::plus).map(Instant::toString).orElse(""));
    }

    @ManagedAttribute(description = "Expected queries of the due windows; -1 when unknown")
    public long getQueriesToGo() {
        return forecast(ExportSnapshot.Forecast::queries, -1);
    }

    @ManagedAttribute(description = "Expected bytes of their downloads; -1 when unknown")
    public long getBytesToGo() {
        return forecast(ExportSnapshot.Forecast::bytes, -1);
    }

    @ManagedAttribute(
            description = "Of how many days the downloads are known that these two are judged by")
    public long getKnownDays() {
        return forecast(ExportSnapshot.Forecast::knownDays, 0);
    }

    @ManagedAttribute(description = "What stops the export, or part of it")
    public String getTrouble() {
        return text(it -> it.troubles().stream().map(Trouble::summary).collect(joining("; ")));
    }

    @ManagedOperation(description = "The whole snapshot of the export, as JSON")
    public String exportStatus() {
        return snapshot().map(SnapshotJson::of).map(JsonObject::toJson).orElse("{}");
    }

    /**
     * Makes days due again; the next poll exports them.
     *
     * @param fromDate as yyyy-mm-dd
     * @param toDate inclusive, as yyyy-mm-dd
     * @param mode REPAIR or REPLAY; null for REPAIR
     * @return those of the days that were exported before
     * @throws IllegalArgumentException when an argument is none of these
     * @throws IllegalStateException when the route is stopped, or the keys that a repair needs are
     *     gone
     */
    @ManagedOperation(
            description =
                    "Exports days again at the next poll: with REPAIR only what the route has not taken, with REPLAY everything")
    public List<String> reexport(String fromDate, String toDate, String mode)
            throws LedgerException {
        return running()
                .reexport(
                        days(fromDate, toDate),
                        RequestedWindow.choice("mode", mode, Reexport.REPAIR))
                .stream()
                .map(LocalDate::toString)
                .toList();
    }

    /**
     * Emits the parked events of these days once more, and retries their windows that wait after a
     * failure at once.
     *
     * @return the affected windows
     */
    @ManagedOperation(
            description =
                    "Emits the parked events of these days once more, and retries windows that wait after a failure")
    public List<String> resumeParked(String fromDate, String toDate) {
        return texts(running().resume(days(fromDate, toDate)));
    }

    /**
     * Deletes the parked events of these days.
     *
     * @return the affected windows
     */
    @ManagedOperation(description = "Deletes the parked events of these days")
    public List<String> dropParked(String fromDate, String toDate) {
        return texts(running().drop(days(fromDate, toDate)));
    }

    private static List<String> texts(List<Window> windows) {
        return windows.stream().map(Window::toString).toList();
    }

    private static Window days(String fromDate, String toDate) {
        return new Window(
                RequestedWindow.day("fromDate", fromDate), RequestedWindow.day("toDate", toDate));
    }

    private long figure(ToLongFunction<ExportSnapshot> figure) {
        return recent.get().map(figure::applyAsLong).orElse(0L);
    }

    /** 0 when nothing is due. */
    private long forecast(ToLongFunction<ExportSnapshot.Forecast> figure, long unknown) {
        return figure(
                it ->
                        it.pace()
                                .forecast()
                                .map(figure::applyAsLong)
                                .orElse(it.work().windows().isEmpty() ? 0 : unknown));
    }

    private String text(Function<ExportSnapshot, String> text) {
        return recent.get().map(text).orElse("");
    }
}
