package io.github.camelmixpanel.export.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.util.json.JsonObject;

/**
 * What JMX shows of an export, on the MBean of its consumer: one figure of the snapshot an
 * attribute. Figures of an export that was never started are 0, texts are empty.
 */
public interface ManagedMixpanelExport {

    /** How things stand, also when the route is stopped; empty as long as it was never started. */
    Optional<ExportSnapshot> snapshot();

    /** As {@link #snapshot}, perhaps a tenth of a second old: attributes are read by the dozen. */
    Optional<ExportSnapshot> recentSnapshot();

    @ManagedAttribute(description = "STOPPED, IDLE or POLLING")
    default String getExportActivity() {
        return text(it -> it.activity().name());
    }

    @ManagedAttribute(description = "Windows that are due and not committed")
    default long getWindowsDue() {
        return figure(it -> it.windows().size());
    }

    @ManagedAttribute(description = "Windows committed since the route was started")
    default long getWindowsCommitted() {
        return figure(it -> it.counts().windows());
    }

    @ManagedAttribute(description = "Events that the route has taken since it was started")
    default long getEventsExported() {
        return figure(it -> it.counts().acknowledged());
    }

    @ManagedAttribute(description = "Events in the windows committed since the route was started")
    default long getEventsDownloaded() {
        return figure(it -> it.counts().events());
    }

    @ManagedAttribute(description = "Events of these windows that the route has had before")
    default long getEventDuplicates() {
        return figure(it -> it.counts().duplicates());
    }

    @ManagedAttribute(description = "Lines of these windows that are no events")
    default long getBadLines() {
        return figure(it -> it.counts().badLines());
    }

    @ManagedAttribute(description = "Bytes of downloads received since the route was started")
    default long getBytesReceived() {
        return figure(it -> it.counts().bytes());
    }

    @ManagedAttribute(description = "Queries sent to Mixpanel since the route was started")
    default long getQueries() {
        return figure(it -> it.counts().queries());
    }

    @ManagedAttribute(description = "Queries that Mixpanel answered with 429")
    default long getQueriesRateLimited() {
        return figure(it -> it.counts().rateLimited());
    }

    @ManagedAttribute(description = "Downloads that failed otherwise")
    default long getFailedDownloads() {
        return figure(it -> it.counts().failedDownloads());
    }

    @ManagedAttribute(description = "Queries that the project has left in this hour")
    default long getQuotaFree() {
        return figure(it -> it.quota().free());
    }

    @ManagedAttribute(description = "Queries of the project that count in this hour")
    default long getQuotaUsed() {
        return figure(it -> it.quota().used());
    }

    @ManagedAttribute(description = "When the first of these no longer counts")
    default String getQuotaFreesAt() {
        return text(it -> it.quota().frees().map(Instant::toString).orElse(""));
    }

    @ManagedAttribute(description = "When the next query can start")
    default String getNextQueryAt() {
        return text(it -> it.quota().nextStart().toString());
    }

    @ManagedAttribute(description = "Exchanges handed to the route and not yet completed")
    default long getEventsInFlight() {
        return figure(it -> it.inFlight());
    }

    @ManagedAttribute(description = "Bytes of downloads on disk")
    default long getSpoolBytes() {
        return figure(it -> it.spoolBytes());
    }

    @ManagedAttribute(description = "How far behind now the export is")
    default long getLagSeconds() {
        return figure(it -> it.lag().toSeconds());
    }

    @ManagedAttribute(description = "How long the windows due will take; -1 when unknown")
    default long getSecondsToGo() {
        return figure(it -> it.toGo().map(Duration::toSeconds).orElse(-1L));
    }

    @ManagedAttribute(description = "What keeps the export from going on")
    default String getTrouble() {
        return text(it -> String.join("; ", it.troubles()));
    }

    @ManagedOperation(description = "Everything known about the export, as JSON")
    default String exportStatus() {
        return snapshot().map(SnapshotJson::of).map(JsonObject::toJson).orElse("{}");
    }

    private long figure(ToLongFunction<ExportSnapshot> figure) {
        return recentSnapshot().map(figure::applyAsLong).orElse(0L);
    }

    private String text(Function<ExportSnapshot, String> text) {
        return recentSnapshot().map(text).orElse("");
    }
}
