package io.github.camelmixpanel.export.observe;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.time.LocalDate;
import java.util.EventObject;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;

/**
 * Tells Camel's event notifiers of one window of an export. Its type is {@link Type#Custom}; its
 * source is the CamelContext. Immutable but for the timestamp, which Camel sets.
 */
public final class MixpanelWindowEvent extends EventObject implements CamelEvent {

    private static final long serialVersionUID = 1L;

    /** What happened to the window. */
    public enum Kind {
        /** Its query is about to be sent; a window may be asked for several times. */
        STARTED,
        /** Every event of it is acknowledged, and the ledger says so. */
        COMPLETED,
        /** Its retries are used up; it is tried again in an hour or more. */
        FAILED
    }

    private final String export;
    private final Kind kind;
    private final transient Window window;
    private final int generation;
    private final transient WindowSummary summary;
    private final Exception failure;
    private long timestamp;

    private MixpanelWindowEvent(
            CamelContext context,
            String export,
            Kind kind,
            Window window,
            int generation,
            WindowSummary summary,
            Exception failure) {
        super(context);
        this.export = export;
        this.kind = kind;
        this.window = window;
        this.generation = generation;
        this.summary = summary;
        this.failure = failure;
    }

    static MixpanelWindowEvent started(
            CamelContext context, String export, Window window, int generation) {
        return new MixpanelWindowEvent(
                context, export, Kind.STARTED, window, generation, null, null);
    }

    static MixpanelWindowEvent completed(
            CamelContext context, String export, WindowSummary summary) {
        return new MixpanelWindowEvent(
                context,
                export,
                Kind.COMPLETED,
                summary.window(),
                summary.generation(),
                summary,
                null);
    }

    static MixpanelWindowEvent failed(
            CamelContext context, String export, Window window, int generation, Exception failure) {
        return new MixpanelWindowEvent(
                context, export, Kind.FAILED, window, generation, null, failure);
    }

    @Override
    public Type getType() {
        return Type.Custom;
    }

    public String getExport() {
        return export;
    }

    public Kind getKind() {
        return kind;
    }

    /** The first day of the window. */
    public LocalDate getFromDate() {
        return window.fromDate();
    }

    /** The last day of the window, inclusive. */
    public LocalDate getToDate() {
        return window.toDate();
    }

    /** 1 for the first export of the window, 2 for the next. */
    public int getGeneration() {
        return generation;
    }

    /** What the window brought; only when it is completed. */
    public Optional<WindowSummary> getSummary() {
        return Optional.ofNullable(summary);
    }

    /** Why it failed; only when it did. */
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
        return "Mixpanel export "
                + export
                + ": window "
                + window
                + " (generation "
                + generation
                + ") "
                + kind;
    }
}
