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
    Deduplicator OFF = new Deduplicator() {};

    /** For the keys of one body that is about to be read; null when off. */
    default BodyKeys newKeys() {
        return null;
    }

    /** The keys of these events, in their order; none when off. */
    default List<DedupeKey> keysOf(List<ExportEvent> events) {
        return List.of();
    }

    /** What another thread makes the keys of events with; gives null when off. */
    default Function<ExportEvent, DedupeKey> newKeyMaker() {
        return event -> null;
    }

    /**
     * Which lines of a window's body are not to be emitted; null when off.
     *
     * @param replayed days of which everything is emitted once more, but for what this generation
     *     has emitted
     */
    default Duplicates duplicates(WindowRun run, Set<LocalDate> replayed) throws LedgerException {
        return null;
    }

    /** Whether the keys of this day are kept, as far as its files say. */
    default boolean has(LocalDate day) {
        return false;
    }

    /** Whether there is a key of a day before this one. */
    default boolean hasBefore(LocalDate day) {
        return false;
    }

    /** Keeps the keys of events that were acknowledged before their window is committed. */
    default void acknowledged(WindowRun run, KeyList keys) throws LedgerException {}

    /**
     * Keeps the keys of a window whose every event is acknowledged; called again after a crash, it
     * does the same.
     */
    default void commit(WindowRun run) throws LedgerException {}

    /** The ledger has the commit too: what was acknowledged before it need not be kept apart. */
    default void committed(WindowRun run) {}

    /** Forgets days that are never queried again. */
    default void forgetBefore(LocalDate day) {}

    @Override
    default void close() throws IOException {}
}
