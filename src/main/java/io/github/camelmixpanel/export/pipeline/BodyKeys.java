package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.DedupeKey;
import io.github.camelmixpanel.export.dedupe.KeyIndex;
import io.github.camelmixpanel.export.dedupe.KeyMaker;
import io.github.camelmixpanel.export.dedupe.KeyNotes;
import io.github.camelmixpanel.export.model.DedupeRecipe;
import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.LedgerException;
import io.github.camelmixpanel.export.split.EventTaker;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dedupe keys of one body, taken while it is read. Filled by one thread, then read by another.
 */
final class BodyKeys implements EventTaker, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(BodyKeys.class);

    private final KeyMaker maker;
    private final KeyIndex index;
    private KeyNotes notes;

    /**
     * @param notes filled with the same keys
     */
    BodyKeys(DedupeRecipe recipe, KeyIndex index, KeyNotes notes) {
        this.maker = new KeyMaker(recipe);
        this.index = index;
        this.notes = notes;
    }

    @Override
    public void take(ExportEvent event) throws LedgerException {
        DedupeKey key = maker.keyOf(event);
        index.add(event.line(), key, maker.identity());
        notes.add(event.line(), key);
    }

    /** The key days in it. */
    Set<Integer> days() {
        return index.days();
    }

    KeyIndex index() {
        return index;
    }

    /** Its keys by line, as far as they were kept; given once, to be closed by the caller. */
    KeyNotes takeNotes() {
        KeyNotes taken = notes;
        notes = KeyNotes.NONE;
        return taken;
    }

    @Override
    public void close() {
        takeNotes().close();
        try {
            index.close();
        } catch (IOException e) {
            LOG.warn("Cannot delete a temporary file of dedupe keys: {}", e.toString());
        }
    }
}
