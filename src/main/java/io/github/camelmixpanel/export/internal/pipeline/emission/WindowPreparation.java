package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.DayTally;
import io.github.camelmixpanel.export.internal.pipeline.board.EmissionState;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.download.SpooledBodies;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds out, before the first event of a verified body is emitted, which of its lines the route
 * must not get: duplicates, and what is parked. The ledger has the comparison then. Used by the
 * polling thread.
 */
public record WindowPreparation(
        Ledger ledger,
        SpooledBodies bodies,
        Deduplicator deduplicator,
        ParkedReader parked,
        InFlight inFlight,
        int batchSize) {

    /**
     * Does it, unless it is done. All or nothing: a window whose comparison failed begins again in
     * the next poll.
     *
     * @throws SpoolException when the body cannot be read: the window has to be queried again
     */
    public void dedupe(WindowRun run) throws ExportException {
        EmissionState emission = run.emission;
        if (emission.acks != null) {
            return;
        }
        bodies.spool().check(run.spooled().body());
        KeyList parkedBefore = findParked(run);
        boolean fromTheStart = run.spooled().acknowledged() == 0 && emission.parkedLines.isEmpty();
        readKeys(run);
        // what is parked counts as done, also for another body: a crash right after it was parked
        // leaves its keys unwritten
        deduplicator.acknowledged(run, parkedBefore);
        emission.duplicates = deduplicator.duplicates(run, ledger.replayed(run.spooled()));
        if (emission.duplicates != null) {
            fromTheStart &= emission.duplicates.resumed() == 0;
            keepComparison(run, emission.duplicates);
        }
        emission.days = run.window.length() > 1 ? new DayTally(run.window) : null;
        emission.acks =
                new WindowAcks(
                        inFlight,
                        run.window,
                        run.generation,
                        fromTheStart ? exchanges(run.compared().emitted()) : 0,
                        run.spooled().acknowledged(),
                        run.spooled().failed());
    }

    /** Before the first event: the same comparison later would find what it did itself. */
    private void keepComparison(WindowRun run, Duplicates found) throws LedgerException {
        if (run.spooled().compared() == null) {
            OpenWindow compared =
                    run.spooled()
                            .compared(
                                    new Comparison(
                                            found.newKeys() + found.resumed(),
                                            found.alreadyEmitted(),
                                            found.repeatedInBody(),
                                            found.vanished(),
                                            found.rewritten(),
                                            found.changed()));
            ledger.spooled(compared);
            run.replace(compared);
        }
    }

    /**
     * Finds the lines of this body that an earlier run has parked.
     *
     * @return the keys of what is parked of earlier bodies, which are lost: it has other lines in
     *     this one
     */
    private KeyList findParked(WindowRun run) throws LedgerException {
        EmissionState emission = run.emission;
        emission.parkedLines = new TreeSet<>();
        emission.parked = 0;
        KeyList ofEarlierBodies = new KeyList();
        String sha256 = run.spooled().body().sha256();
        parked.files()
                .read(
                        run.window,
                        run.generation,
                        event -> {
                            emission.parked++;
                            if (event.sha256().equals(sha256)) {
                                emission.parkedLines.add(event.line());
                            } else {
                                ofEarlierBodies.addAll(
                                        deduplicator.keysOf(
                                                List.of(parked.scan(run.window, event))));
                            }
                        });
        return ofEarlierBodies;
    }

    private int exchanges(long events) {
        long exchanges = (events + batchSize - 1) / batchSize;
        return exchanges <= Integer.MAX_VALUE ? (int) exchanges : 0;
    }

    /** Reads the keys again where they were released, or an earlier run has read them. */
    private void readKeys(WindowRun run) throws ExportException {
        if (run.emission.keys != null) {
            return;
        }
        BodyKeys keys = deduplicator.newKeys();
        if (keys == null) {
            return;
        }
        try {
            bodies.read(run.window, run.spooled().body(), keys);
        } catch (Throwable e) {
            keys.close();
            throw e;
        }
        run.hasKeys(keys);
    }

    /** Counts the events by day, unless this run has emitted them all and so has counted them. */
    void countDays(WindowRun run) throws ExportException {
        DayTally days = run.emission.days;
        if (days != null && days.total() < run.spooled().body().events()) {
            run.emission.days = new DayTally(run.window);
            bodies.read(run.window, run.spooled().body(), run.emission::count);
        }
    }

    /**
     * Every line of the body is done: its keys are kept for later windows. Called again after a
     * crash, it does the same.
     */
    void keepKeys(WindowRun run) throws ExportException {
        readKeys(run);
        deduplicator.commit(run);
    }

    /** The ledger has the window's commit: its body is of no more use. */
    void committed(WindowRun run) {
        deduplicator.committed(run);
        bodies.delete(run.spooled().body());
    }
}
