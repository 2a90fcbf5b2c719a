package io.github.camelmixpanel.export.internal.durable;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Creates files and folders that only their owner can read and write, from their first moment on.
 *
 * <p>Where the file system knows no POSIX permissions its own defaults stand. What exists already
 * is left as it is.
 */
public final class PrivateFiles {

    private PrivateFiles() {}

    /** Creates a folder, and those above it, unless it exists. */
    public static void createDirectories(Path directory) throws IOException {
        // asked first because createDirectories rejects a symbolic link to a folder
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes(directory, "rwx------"));
        }
    }

    /** Creates an empty file unless it exists. */
    public static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(file, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        if (!hasPosixPermissions(path)) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static boolean hasPosixPermissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
