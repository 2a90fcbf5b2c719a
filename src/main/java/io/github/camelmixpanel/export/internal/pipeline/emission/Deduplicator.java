package io.github.camelmixpanel.export.internal.pipeline.emission;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyList;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Knows what the route had before, so that it does not get it again: in this body, in other
 * windows, in earlier generations. A key is kept only after its event was acknowledged.
 * Thread-safe, but for {@link #keysOf}, which is the polling thread's.
 */
public interface Deduplicator extends Closeable {

    /** With deduplicate=false: events have no keys, and every event is new. */
    Deduplicator OFF = new Off();

    /** For the keys of one body that is about to be read; null when off. */
    BodyKeys newKeys();

    /** The keys of these events, in their order; none when off. */
    List<DedupeKey> keysOf(List<ExportEvent> events);

    /** What another thread makes the keys of events with; gives null when off. */
    Function<ExportEvent, DedupeKey> newKeyMaker();

    /**
     * Which lines of a window's body are not to be emitted; null when off.
     *
     * @param replayed days of which everything is emitted once more, but for what this generation
     *     has emitted
     */
    Duplicates duplicates(WindowRun run, Set<LocalDate> replayed) throws LedgerException;

    /** Whether the keys of this day are kept, as far as its files say. */
    boolean has(LocalDate day);

    /** Whether there is a key of a day before this one. */
    boolean hasBefore(LocalDate day);

    /** Keeps the keys of events that were acknowledged before their window is committed. */
    void acknowledged(WindowRun run, KeyList keys) throws LedgerException;

    /**
     * Keeps the keys of a window whose every event is acknowledged; called again after a crash, it
     * does the same.
     */
    void commit(WindowRun run) throws LedgerException;

    /** The ledger has the commit too: what was acknowledged before it need not be kept apart. */
    void committed(WindowRun run);

    /** Forgets days that are never queried again. */
    void forgetBefore(LocalDate day);

    @Override
    void close() throws IOException;

    /** See {@link #OFF}. */
    final class Off implements Deduplicator {

        private Off() {}

        @Override
        public BodyKeys newKeys() {
            return null;
        }

        @Override
        public List<DedupeKey> keysOf(List<ExportEvent> events) {
            return List.of();
        }

        @Override
        public Function<ExportEvent, DedupeKey> newKeyMaker() {
            return event -> null;
        }

        @Override
        public Duplicates duplicates(WindowRun run, Set<LocalDate> replayed) {
            return null;
        }

        @Override
        public boolean has(LocalDate day) {
            return false;
        }

        @Override
        public boolean hasBefore(LocalDate day) {
            return false;
        }

        @Override
        public void acknowledged(WindowRun run, KeyList keys) {
            // no key is kept
        }

        @Override
        public void commit(WindowRun run) {
            // no key is kept
        }

        @Override
        public void committed(WindowRun run) {
            // no key is kept
        }

        @Override
        public void forgetBefore(LocalDate day) {
            // no key is kept
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
