package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Tells the route of each commit at least once: a notice is owed in the ledger from the commit
 * until the route has acknowledged it. Used by the polling thread.
 */
public final class CompletionNotices {

    /** After so many the route is taken to refuse them all. */
    private static final int MOST_REFUSED = 3;

    private final Ledger ledger;
    private final InFlight inFlight;
    private final EventSink sink;
    private final ExportLog progress;
    private final Set<WindowSummary> refused = new HashSet<>();

    public CompletionNotices(Ledger ledger, InFlight inFlight, EventSink sink, ExportLog progress) {
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.sink = sink;
        this.progress = progress;
    }

    /** A poll begins: what an earlier one was refused is told again. */
    public void begin() {
        refused.clear();
    }

    /** Tells what is owed, oldest commit first, each once a poll. */
    public void tell(BooleanSupplier goOn) throws LedgerException, InterruptedException {
        for (WindowSummary notice : ledger.owedNotices()) {
            if (refused.size() >= MOST_REFUSED || !goOn.getAsBoolean()) {
                return;
            }
            if (!refused.contains(notice)) {
                tell(notice, goOn);
            }
        }
    }

    private void tell(WindowSummary notice, BooleanSupplier goOn)
            throws LedgerException, InterruptedException {
        InFlight.Lines line = inFlight.new Lines(notice.window(), 0);
        EventSink.Acknowledgement acknowledgement = line.emitted(1, 1, List.of(), List.of(), goOn);
        if (acknowledgement == null) {
            return;
        }
        try {
            sink.windowComplete(notice, acknowledgement);
        } catch (RuntimeException e) {
            acknowledgement.refuse(e); // or its place would never be free again
        }
        line.drain(goOn);
        if (line.allAcknowledged()) {
            ledger.noticed(notice);
        } else if (line.failed() > 0) {
            refused.add(notice);
            progress.noticeRefused(notice.window(), line.lastFailure());
        }
    }
}
