package io.github.camelmixpanel.export.observe;

import java.time.LocalDate;
import java.util.EventObject;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;

/**
 * Reports one window of an export to Camel's event notifiers. Its type is {@link Type#Custom}; its
 * source is the CamelContext. Immutable but for the timestamp, which the component sets.
 */
public final class MixpanelWindowEvent extends EventObject implements CamelEvent {

    private static final long serialVersionUID = 1L;

    /** What happened to the window. */
    public enum Kind {
        /** Its query is about to be sent; a window may be queried several times. */
        STARTED,
        /** Every event of it is acknowledged, and the ledger records it. */
        COMPLETED,
        /** Its retries are used up; the next attempt follows in an hour or more. */
        FAILED
    }

    private final String export;
    private final Kind kind;
    private final LocalDate fromDate;
    private final LocalDate toDate;
    private final int generation;
    private final transient Map<String, Object> summary;
    private final Exception failure;
    private long timestamp;

    /**
     * Applications receive these events and have no need to create them.
     *
     * @param summary null unless the window is completed
     * @param failure null unless it failed
     */
    public MixpanelWindowEvent(
            CamelContext context,
            String export,
            Kind kind,
            LocalDate fromDate,
            LocalDate toDate,
            int generation,
            Map<String, Object> summary,
            Exception failure) {
        super(context);
        this.export = export;
        this.kind = kind;
        this.fromDate = fromDate;
        this.toDate = toDate;
        this.generation = generation;
        this.summary = summary;
        this.failure = failure;
    }

    @Override
    public Type getType() {
        return Type.Custom;
    }

    /** The name of the export, as in the endpoint URI. */
    public String getExport() {
        return export;
    }

    public Kind getKind() {
        return kind;
    }

    /** The first day of the window. */
    public LocalDate getFromDate() {
        return fromDate;
    }

    /** The last day of the window, inclusive. */
    public LocalDate getToDate() {
        return toDate;
    }

    /** 1 for the first export of the window, 2 for the next. */
    public int getGeneration() {
        return generation;
    }

    /**
     * The summary of a completed window, with the members of the {@code windowComplete} body; empty
     * for any other kind, and after serialization.
     */
    public Optional<Map<String, Object>> getSummary() {
        return Optional.ofNullable(summary);
    }

    /** Why the window failed; empty for any other kind. */
    public Optional<Exception> getFailure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public long getTimestamp() {
        return timestamp;
    }

    @Override
    public void setTimestamp(long timestamp) {
        this.timestamp = timestamp;
    }

    @Override
    public String toString() {
        String days = fromDate.equals(toDate) ? fromDate.toString() : fromDate + ".." + toDate;
        return "Mixpanel export %s: window %s (generation %d) %s"
                .formatted(export, days, generation, kind);
    }
}
