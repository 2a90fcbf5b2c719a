package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes through to the database: a step that makes a file durable returns when its bytes are in
 * the database too, and fails if the database fails.
 *
 * <p>A force sends a file from the first changed byte on; a rename sends the whole file, before it
 * renames the local one. After a failure it is unknown whether the database has the change. The
 * bytes still count as changed, so that the next force sends them again; until then, file and
 * database each have a state that the file had or was about to have.
 *
 * <p>Thread-safe, as long as at most one thread at a time uses a file.
 */
final class DatabaseDisk implements Disk {

    private final Disk local;
    private final StateLease lease;
    private final Scope scope;

    /** By path: the first byte that may differ from the database. */
    private final Map<String, Long> changed = new ConcurrentHashMap<>();

    DatabaseDisk(Disk local, StateLease lease) {
        this.local = local;
        this.lease = lease;
        this.scope = lease.scope();
    }

    @Override
    public void write(DurableFile file, long position, byte[] bytes) throws IOException {
        changed(file.path(), position);
        local.write(file, position, bytes);
    }

    @Override
    public void truncate(DurableFile file, long length) throws IOException {
        changed(file.path(), length);
        local.truncate(file, length);
    }

    @Override
    public void force(DurableFile file) throws IOException {
        local.force(file);
        Optional<String> path = path(file.path());
        if (path.isPresent() && changed.containsKey(path.get())) {
            send(path.get(), changed.get(path.get()), file.path());
            changed.remove(path.get());
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Optional<String> path = path(to);
        if (path.isPresent()) {
            changed(to, 0);
            // first: the local state must not be ahead of an empty database
            send(path.get(), 0, from);
        }
        local.rename(from, to);
        path.ifPresent(changed::remove);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        Optional<String> path = path(file);
        if (path.isPresent()) {
            changed(file, 0);
            lease.write(it -> new FileTable(it, scope.name()).deleteFrom(path.get(), 0));
        }
        boolean existed = local.delete(file);
        path.ifPresent(changed::remove);
        return existed;
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        local.forceDirectory(directory);
    }

    @Override
    public String remedy() {
        return "Make the database of dataSource and the stateDirectory reachable and writable";
    }

    @Override
    public Optional<String> trouble() {
        return lease.trouble();
    }

    @Override
    public boolean isTakenOver() {
        return lease.isLost();
    }

    /** Sends a whole file to the database. */
    void upload(Path file) throws IOException {
        send(path(file).orElseThrow(), 0, file);
    }

    private void send(String path, long from, Path file) throws IOException {
        lease.write(it -> new FileTable(it, scope.name()).replaceFrom(path, from, file));
    }

    private void changed(Path file, long from) {
        path(file).ifPresent(it -> changed.merge(it, from, Math::min));
    }

    private Optional<String> path(Path file) {
        Optional<String> path = scope.path(file);
        if (path.isEmpty()) {
            String name = file.getFileName().toString();
            if (!name.endsWith(".tmp") && !name.endsWith(".part")) {
                throw new IllegalArgumentException(file + " is no file of " + scope.name());
            }
        }
        return path;
    }
}
