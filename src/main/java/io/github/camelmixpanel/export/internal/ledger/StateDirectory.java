package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.PrivateFiles;
import io.github.camelmixpanel.export.internal.durable.ProcessIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that holds the progress of exports: one process, and one object in it, owns it from
 * {@link #open} to {@link #close}.
 *
 * <p>Two owners would each count the quota for themselves and emit the same events. The operating
 * system releases the lock of a process that dies; nothing else ever breaks one. On a network file
 * system it works as far as that file system supports locks.
 *
 * <table>
 * <caption>What is in it</caption>
 * <tr><th>name</th><th>content</th></tr>
 * <tr><td>{@code lock}</td><td>empty; locked by the owner</td></tr>
 * <tr><td>{@code lock.owner}</td><td>one line that names the owner, for error messages</td></tr>
 * <tr><td>{@code exports/<name>/}</td><td>the files of one export</td></tr>
 * <tr><td>{@code queries/}</td><td>query logs</td></tr>
 * </table>
 *
 * <p>Only its owner can read what it creates, and it refuses what another user could write or has
 * planted. Thread-safe.
 */
public final class StateDirectory implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private static final String LOCK = "lock";
    private static final String OWNER = "lock.owner";

    private static final String CHOICE =
            """
            or set onStateInUse=WAIT to take over when it is gone. With another stateDirectory exports start\
             from the beginning, and each folder counts the quota for itself: together they may exceed it""";

    private final Path path;
    private final FileChannel channel;

    /** Folders whose entries are all on disk. */
    private final Set<Path> forced = new HashSet<>();

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the directory if there is none, and makes this process its owner.
     *
     * @throws StateInUseException when it has an owner
     * @throws LedgerException when it cannot be created, written or locked, or another user can
     *     write it
     */
    public static StateDirectory open(Path directory, InstantSource clock) throws LedgerException {
        Path path;
        TrustedFiles files;
        try {
            PrivateFiles.createDirectories(directory);
            path = directory.toRealPath();
            files = TrustedFiles.in(directory);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        String me = ProcessIdentity.since(clock.instant());
        Object owner = System.getProperties().putIfAbsent(key(path), me);
        if (owner != null) {
            throw new StateInUseException(
                    """
                    State directory %s is already open in this process (%s): only one CamelContext at a time may use it.\
                     Stop the other one, %s"""
                            .formatted(path, owner, CHOICE));
        }
        FileChannel lock = null;
        boolean opened = false;
        try {
            files.require(LOCK);
            PrivateFiles.createFile(path.resolve(LOCK));
            lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE);
            if (!isLocked(lock, path)) {
                throw new StateInUseException(
                        """
                        State directory %s is in use by %s: only one process at a time may use it.\
                         Stop that one, %s"""
                                .formatted(path, owner(path), CHOICE));
            }
            for (String name : List.of(OWNER, "exports", "queries")) {
                files.require(name);
            }
            PrivateFiles.createFile(path.resolve(OWNER));
            Files.writeString(path.resolve(OWNER), me + "\n");
            opened = true;
            return new StateDirectory(path, lock);
        } catch (IOException e) {
            throw unusable(path, e);
        } finally {
            if (!opened) {
                closeQuietly(lock);
                System.getProperties().remove(key(path));
            }
        }
    }

    /** The real path, without symbolic links. */
    public Path path() {
        return path;
    }

    /**
     * The folder of one export, created if there is none.
     *
     * @throws IllegalArgumentException when the name is no export's name
     * @throws LedgerException when the folder cannot be created
     */
    public Path exportFolder(String name) throws LedgerException {
        if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "An export's name consists of letters, digits, '.', '_' and '-', and is not \".\" or \"..\": not \"%s\""
                            .formatted(name));
        }
        Path folder = path.resolve("exports").resolve(name);
        try {
            create(folder.getParent());
            create(folder);
            return folder;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** It is on disk afterwards, whether this or a process that has died created it. */
    private synchronized void create(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (!Files.isDirectory(folder)) {
            forced.remove(parent);
            PrivateFiles.createDirectories(folder);
        }
        if (!forced.contains(parent)) {
            Disk.REAL.forceDirectory(parent);
            forced.add(parent);
        }
    }

    /** Releases the directory; closing again does nothing. */
    @Override
    public synchronized void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try {
            // before the lock is free: later it would be the next owner's
            Files.deleteIfExists(path.resolve(OWNER));
        } finally {
            channel.close();
            System.getProperties().remove(key(path));
        }
    }

    private static boolean isLocked(FileChannel channel, Path path) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            LOG.debug("Other code in this process holds the lock on {}", path.resolve(LOCK));
            return false;
        }
    }

    private static String owner(Path path) throws IOException {
        try {
            String owner = Files.readString(path.resolve(OWNER)).strip();
            return owner.isEmpty() ? "another process" : owner;
        } catch (NoSuchFileException e) {
            return "another process";
        }
    }

    private static LedgerException unusable(Path path, Exception e) {
        if (e instanceof TrustedFiles.UntrustedException) {
            return new LedgerException(
                    "State directory %s is not used: %s".formatted(path, e.getMessage()), e);
        }
        return new LedgerException(
                """
                State directory %s cannot be created, written or locked: %s. Make it writable for this user, or set\
                 stateDirectory to a folder on a file system that is"""
                        .formatted(path, e),
                e);
    }

    /**
     * The system property by which this process marks a directory as its own: all class loaders
     * share those. It is checked before the lock file is opened, because on POSIX systems closing a
     * second channel of that file would release the lock of the first.
     */
    private static String key(Path path) {
        return StateDirectory.class.getName() + ":" + path;
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Cannot close a lock file", e);
            }
        }
    }
}
