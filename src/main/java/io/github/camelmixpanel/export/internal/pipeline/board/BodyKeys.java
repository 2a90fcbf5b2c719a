package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.KeyIndex;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.EventTaker;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dedupe keys of one body, taken while it is read. Filled by one thread, then read by another.
 */
public record BodyKeys(KeyMaker maker, KeyIndex index) implements EventTaker, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(BodyKeys.class);

    @Override
    public void take(ExportEvent event) throws LedgerException {
        DedupeKey key = maker.keyOf(event);
        index.add(event.line(), key, maker.mark());
    }

    /** The key days in it; null for null. */
    static Set<Integer> daysOf(BodyKeys keys) {
        return keys == null ? null : Set.copyOf(keys.index.days());
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
