package io.github.camelmixpanel.export.internal.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A disk of which one step fails, or all from one step on as when the power goes. A write that
 * fails leaves half of its bytes; a rename is lost with the power until its folder is forced. It
 * asserts that no file is renamed before its bytes are forced.
 */
public final class CrashDisk implements Disk {

    private record Rename(Path from, Path to, byte[] moved, byte[] replaced) {}

    private final Deque<Rename> unforced = new ArrayDeque<>();
    private byte[] lastForced;
    private long steps;
    private long failAt;
    private boolean forEver;
    private boolean failed;

    /** Lets the step fail that is the {@code step}th from now. */
    public void failAt(long step) {
        failAt = steps + step;
        forEver = false;
        failed = false;
    }

    /** Takes the power away at that step. */
    void dieAt(long step) {
        failAt(step);
        forEver = true;
    }

    public boolean hasFailed() {
        return failed;
    }

    /** Puts the power on again. */
    void restart() throws IOException {
        if (forEver && failed) {
            for (Rename rename; (rename = unforced.pollLast()) != null; ) {
                if (rename.replaced == null) {
                    Files.deleteIfExists(rename.to);
                } else {
                    Files.write(rename.to, rename.replaced);
                }
                Files.write(rename.from, rename.moved);
            }
        }
        failAt = 0;
    }

    @Override
    public void write(DurableFile file, long position, byte[] bytes) throws IOException {
        if (isToFail()) {
            file.seek(position);
            file.write(bytes, 0, bytes.length / 2);
            throw full();
        }
        Disk.REAL.write(file, position, bytes);
    }

    /** Not really: that would only take time. */
    @Override
    public void force(DurableFile file) throws IOException {
        failIfToFail();
        byte[] bytes = new byte[(int) file.length()];
        file.seek(0);
        file.readFully(bytes);
        lastForced = bytes;
    }

    @Override
    public void truncate(DurableFile file, long length) throws IOException {
        failIfToFail();
        Disk.REAL.truncate(file, length);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        failIfToFail();
        byte[] moved = Files.readAllBytes(from);
        assertThat(moved).as("forced before it is renamed").isEqualTo(lastForced);
        unforced.add(new Rename(from, to, moved, Files.exists(to) ? Files.readAllBytes(to) : null));
        Disk.REAL.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        failIfToFail();
        unforced.removeIf(rename -> rename.to.getParent().equals(directory));
    }

    /** Whether every rename would outlive a loss of power. */
    boolean isForced() {
        return unforced.isEmpty();
    }

    /** A step of the database behind it. */
    public void commit() throws SQLException {
        if (isToFail()) {
            throw new SQLException("The connection is gone");
        }
    }

    private void failIfToFail() throws IOException {
        if (isToFail()) {
            throw full();
        }
    }

    private boolean isToFail() {
        steps++;
        boolean fails = failAt > 0 && (steps == failAt || forEver && steps > failAt);
        failed |= fails;
        return fails;
    }

    private static IOException full() {
        return new IOException("No space left on device");
    }
}
