package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.ledger.Ledger;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.model.WindowSummary;
import java.util.function.BooleanSupplier;

/**
 * Tells the route of each commit at least once: a notice is owed in the ledger from the commit
 * until the route has acknowledged it. Used by the polling thread.
 */
final class Notices {

    private final Ledger ledger;
    private final InFlight inFlight;
    private final EventSink sink;
    private final Progress progress;
    private boolean refused;

    Notices(Ledger ledger, InFlight inFlight, EventSink sink, Progress progress) {
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.sink = sink;
        this.progress = progress;
    }

    /** A poll begins: what an earlier one was refused is told again. */
    void begin() {
        refused = false;
    }

    /** Tells what is owed, oldest commit first, until the route refuses one in this poll. */
    void tell(BooleanSupplier goOn) throws LedgerException, InterruptedException {
        for (WindowSummary notice : ledger.owedNotices()) {
            if (refused) {
                return;
            }
            InFlight.Lines line = inFlight.new Lines(0);
            EventSink.Acknowledgement acknowledgement = line.emitted(1, null, goOn);
            if (acknowledgement == null) {
                return;
            }
            sink.windowComplete(notice, acknowledgement);
            line.drain(goOn);
            if (line.allAcknowledged()) {
                ledger.noticed(notice);
            } else if (line.failed() > 0) {
                refused = true;
                progress.noticeRefused(notice.window(), line.lastFailure());
            }
        }
    }
}
