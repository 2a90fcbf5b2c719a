package io.github.camelmixpanel.export.internal.durable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** An open file that knows its path; every change goes through a {@link Disk}. */
public final class DurableFile extends RandomAccessFile {

    private final Path path;

    /**
     * Opens a file for reading and writing; creates it, for its owner alone, if it does not exist.
     *
     * @throws IOException when it cannot be opened, or is a symbolic link
     */
    public DurableFile(Path path) throws IOException {
        super(existing(path).toFile(), "rw");
        this.path = path;
    }

    private static Path existing(Path path) throws IOException {
        PrivateFiles.createFile(path);
        return path;
    }

    public Path path() {
        return path;
    }
}
