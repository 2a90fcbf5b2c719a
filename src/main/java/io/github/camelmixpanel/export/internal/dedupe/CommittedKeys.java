package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.file.KeyFileReader;
import io.github.camelmixpanel.export.internal.dedupe.file.KeyFolder;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeyCursor;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.SortedSet;

/** Reads the key files of several days in order, as if they were one file. */
final class CommittedKeys extends KeyCursor {

    private final KeyFolder folder;
    private final DedupeRecipe recipe;
    private final Iterator<Integer> days;
    private KeyFileReader file;

    /**
     * @param days a day without a key file has no keys
     */
    CommittedKeys(KeyFolder folder, DedupeRecipe recipe, SortedSet<Integer> days) {
        this.folder = folder;
        this.recipe = recipe;
        this.days = days.iterator();
    }

    @Override
    public boolean next() throws IOException, LedgerException {
        while (file == null || !file.next()) {
            close();
            file = null;
            if (!days.hasNext()) {
                return false;
            }
            int day = days.next();
            Path path = folder.keyFile(day);
            if (Files.exists(path)) {
                file = KeyFileReader.open(path, day, recipe);
            }
        }
        set(file);
        return true;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
