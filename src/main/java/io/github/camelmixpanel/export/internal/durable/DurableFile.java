package io.github.camelmixpanel.export.internal.durable;

import java.io.FileNotFoundException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** An open file that knows its path; every change goes through a {@link Disk}. */
public final class DurableFile extends RandomAccessFile {

    private final Path path;

    /** Opens a file for reading and writing; creates it, readable by all, if it does not exist. */
    public DurableFile(Path path) throws FileNotFoundException {
        super(path.toFile(), "rw");
        this.path = path;
    }

    public Path path() {
        return path;
    }
}
