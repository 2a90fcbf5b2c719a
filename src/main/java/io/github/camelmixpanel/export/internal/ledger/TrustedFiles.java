package io.github.camelmixpanel.export.internal.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses files and folders that another user can write or may have planted: links, whatever is
 * neither file nor folder, what belongs to a user other than this process's and root, and what
 * every user can write. The message has the command that corrects it.
 *
 * <p>What a group can write is accepted with a warning: Kubernetes makes volumes so ({@code
 * fsGroup}). File systems without POSIX permissions are not checked.
 */
final class TrustedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedFiles.class);
    private static final Set<String> ROOT = Set.of("root", "0");
    private static final Pattern PLAIN = Pattern.compile("[\\w/.+:@-]+");

    private final Path folder;
    private final UserPrincipal me;
    private boolean warned;

    /** Names what is refused, why, and the command that corrects it. */
    static final class UntrustedException extends FileSystemException {

        private static final long serialVersionUID = 1L;

        UntrustedException(Path path, String reason, String command) {
            super(
                    path.toString(),
                    null,
                    reason + ", so others could change what is exported. Run: " + command);
        }
    }

    private TrustedFiles(Path folder, UserPrincipal me) {
        this.folder = folder;
        this.me = me;
    }

    /**
     * Checks the folder itself, and the name by which it was reached if that is a link.
     *
     * @param folder an existing folder, possibly through a link
     * @return to check what is in it
     * @throws UntrustedException when another user can write it
     */
    static TrustedFiles in(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!real.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new TrustedFiles(real, null);
        }
        // asks the file system: it may know this process by another name, as NFS does
        Path mine = Files.createTempFile(real, "owner", ".tmp");
        try {
            TrustedFiles files = new TrustedFiles(real, attributes(mine).owner());
            files.requireOwner(folder, attributes(folder));
            files.requireMode(real, attributes(real));
            return files;
        } finally {
            Files.delete(mine);
        }
    }

    /**
     * Checks a file, or a folder and all that is in it; without effect when it does not exist.
     *
     * @throws UntrustedException when another user can write it or may have planted it
     */
    void require(String name) throws IOException {
        Path start = folder.resolve(name);
        if (me == null || !Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(start)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                PosixFileAttributes is = attributes(path);
                requireKind(path, is);
                requireMode(path, is);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void requireKind(Path path, PosixFileAttributes is) throws UntrustedException {
        if (!is.isDirectory() && !is.isRegularFile()) {
            throw new UntrustedException(
                    path,
                    "expected a file, found "
                            + (is.isSymbolicLink() ? "a symbolic link" : "neither file nor folder"),
                    "rm " + quoted(path));
        }
    }

    private void requireMode(Path path, PosixFileAttributes is) throws UntrustedException {
        requireOwner(path, is);
        String mode = PosixFilePermissions.toString(is.permissions());
        if (is.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            String elsewhere =
                    path.equals(folder) && !is.owner().equals(me)
                            ? " as " + is.owner().getName() + ", or use a new folder in it"
                            : "";
            throw new UntrustedException(
                    path,
                    "can be written by every user (" + mode + ")",
                    "chmod -R o-w " + quoted(folder) + elsewhere);
        }
        if (is.permissions().contains(PosixFilePermission.GROUP_WRITE) && !warned) {
            warned = true;
            LOG.warn(
                    "{} can be written by the group {} ({}): its members can change what is exported. Unless that is"
                            + " intended, run: chmod -R g-w {}",
                    path,
                    is.group().getName(),
                    mode,
                    quoted(folder));
        }
    }

    private void requireOwner(Path path, PosixFileAttributes is) throws UntrustedException {
        if (!is.owner().equals(me) && !ROOT.contains(is.owner().getName())) {
            throw new UntrustedException(
                    path,
                    "belongs to the user %s, and this process runs as %s"
                            .formatted(is.owner().getName(), me.getName()),
                    "chown -hR %s %s".formatted(me.getName(), quoted(folder)));
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
