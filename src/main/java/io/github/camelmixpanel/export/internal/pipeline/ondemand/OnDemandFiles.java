package io.github.camelmixpanel.export.internal.pipeline.ondemand;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.dedupe.KeyIndex;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.Spool;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The folder of an export's windows on demand, apart from those of its consumer: neither sees the
 * other's files. Shared by the producers of one name. Thread-safe.
 *
 * @param lastNumber of the downloads so far
 */
public record OnDemandFiles(
        Path folder, Spool spool, Quarantine quarantine, Disk disk, AtomicInteger lastNumber) {

    /** Keys of one body that are held in memory at most; more go to a file. */
    private static final long KEY_MEMORY =
            Math.min(KeyIndex.DEFAULT_MEMORY, Runtime.getRuntime().maxMemory() / 16);

    /**
     * Opens the folder, and deletes what a crash left in it: the exchanges are gone that it was
     * for.
     *
     * @param maxSpoolSize in bytes, for all windows on demand of this export
     */
    public static OnDemandFiles open(Path exportFolder, long maxSpoolSize, Disk disk)
            throws SpoolException {
        Path folder = exportFolder.resolve("on-demand");
        Spool spool = Spool.open(folder, maxSpoolSize);
        spool.keepOnly(Set.of());
        deleteSorting(folder);
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine"), maxSpoolSize, disk);
        AtomicInteger lastNumber = new AtomicInteger(quarantine.lastGeneration());
        return new OnDemandFiles(folder, spool, quarantine, disk, lastNumber);
    }

    /** What sorting keys had put aside. */
    private static void deleteSorting(Path folder) throws SpoolException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.tmp")) {
            for (Path file : left) {
                Files.delete(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new SpoolException(
                    """
                    Cannot delete what a crash left in %s (%s). Check that stateDirectory is a \
                    folder this user can write to."""
                            .formatted(folder, e),
                    e);
        }
    }

    /** Tells downloads apart, those of one window and of earlier runs too. */
    int nextNumber() {
        return lastNumber.incrementAndGet();
    }

    BodyKeys newKeys(DedupeRecipe recipe) {
        return new BodyKeys(new KeyMaker(recipe), new KeyIndex(folder, KEY_MEMORY, disk));
    }
}
