package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.progress.WindowListeners;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Sends the route a notice of each commit at least once: the ledger owes it from the commit until
 * the route has acknowledged it. Used by the polling thread.
 */
public final class CompletionNotices {

    /** After so many the route is taken to fail them all. */
    private static final int MOST_FAILED = 3;

    private final Ledger ledger;
    private final InFlight inFlight;
    private final EventSink sink;
    private final WindowListeners listeners;
    private final Set<WindowSummary> failed = new HashSet<>();

    public CompletionNotices(
            Ledger ledger, InFlight inFlight, EventSink sink, WindowListeners listeners) {
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.sink = sink;
        this.listeners = listeners;
    }

    /** A poll begins: what failed in an earlier one is sent again. */
    public void begin() {
        failed.clear();
    }

    /** Sends what is owed, oldest commit first, each once per poll. */
    public void send(BooleanSupplier goOn) throws LedgerException, InterruptedException {
        for (WindowSummary notice : ledger.owedNotices()) {
            if (failed.size() >= MOST_FAILED || !goOn.getAsBoolean()) {
                return;
            }
            if (!failed.contains(notice)) {
                send(notice, goOn);
            }
        }
    }

    private void send(WindowSummary notice, BooleanSupplier goOn)
            throws LedgerException, InterruptedException {
        WindowAcks acks = new WindowAcks(inFlight, notice.window(), notice.generation());
        EventBatch slot = acks.take(1, 1, List.of(), List.of(), goOn);
        if (slot == null) {
            return;
        }
        try {
            sink.windowComplete(notice, slot);
        } catch (RuntimeException e) {
            slot.fail(e); // or the slot would never be free again
        }
        acks.drain(goOn);
        if (acks.allAcknowledged()) {
            ledger.noticed(notice);
        } else if (acks.failed() > 0) {
            failed.add(notice);
            listeners.log(it -> it.noticeFailed(notice.window(), acks.lastFailure()));
        }
    }
}
