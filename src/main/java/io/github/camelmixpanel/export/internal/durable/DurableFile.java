package io.github.camelmixpanel.export.internal.durable;

import java.io.FileNotFoundException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A file that is open for reading and writing and knows its path. Changed through a {@link Disk}.
 */
public final class DurableFile extends RandomAccessFile {

    private final Path path;

    /** Opens a file; creates it, readable by anybody, if there is none. */
    public DurableFile(Path path) throws FileNotFoundException {
        super(path.toFile(), "rw");
        this.path = path;
    }

    public Path path() {
        return path;
    }
}
