package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.dedupe.KeyIndex;
import io.github.camelmixpanel.export.dedupe.KeyMaker;
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

    BodyKeys(DedupeRecipe recipe, KeyIndex index) {
        this.maker = new KeyMaker(recipe);
        this.index = index;
    }

    @Override
    public void take(ExportEvent event) throws LedgerException {
        index.add(event.line(), maker.keyOf(event), maker.identity());
    }

    /** The key days in it. */
    Set<Integer> days() {
        return index.days();
    }

    KeyIndex index() {
        return index;
    }

    @Override
    public void close() {
        try {
            index.close();
        } catch (IOException e) {
            LOG.warn("Cannot delete a temporary file of dedupe keys: {}", e.toString());
        }
    }
}
