package io.github.camelmixpanel.export.internal.durable;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Creates files and folders that only their owner can read and write, from the moment of creation.
 *
 * <p>File systems without POSIX permissions apply their own defaults. Existing files and folders
 * stay as they are; a link in the place of a file is refused, since others may have put it there.
 */
public final class PrivateFiles {

    private PrivateFiles() {}

    /** Creates a folder and its parents unless it exists. */
    public static void createDirectories(Path directory) throws IOException {
        // createDirectories rejects a symbolic link to a folder
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes(directory, "rwx------"));
        }
    }

    /** Creates an empty file unless it exists. */
    public static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(file, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            if (Files.isSymbolicLink(file)) {
                throw new FileSystemException(
                        file.toString(), null, "expected a file, found a symbolic link; remove it");
            }
            if (!Files.isRegularFile(file)) {
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
