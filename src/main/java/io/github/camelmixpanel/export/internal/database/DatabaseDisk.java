package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes through: a step that makes a file durable has its bytes in the database too when it
 * returns, and a step that the database refuses has failed.
 *
 * <p>What a write has changed goes there with the next force, from the first byte that changed; a
 * file that is renamed goes there as a whole, before the local one has its name. After a failure
 * nobody knows whether the database has the change. What was sent then counts as changed, so that
 * the next force brings file and database together again; and until then both are states that the
 * file was in, or was about to be in.
 *
 * <p>Thread-safe, as far as nobody uses one file from two threads at a time.
 */
final class DatabaseDisk implements Disk {

    private final Disk local;
    private final StateLease lease;
    private final Scope scope;
    private final Transactions transactions;

    /** By path: the first byte that the database may not have, or have otherwise. */
    private final Map<String, Long> changed = new ConcurrentHashMap<>();

    DatabaseDisk(Disk local, StateLease lease, Transactions transactions) {
        this.local = local;
        this.lease = lease;
        this.scope = lease.scope();
        this.transactions = transactions;
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
            // first: a state that the database has nothing of must not begin here
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
            transactions.repeat(
                    connection -> {
                        boolean any = FileTable.delete(connection, scope.name(), path.get());
                        lease.check(connection);
                        return any;
                    });
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
        return "Make the database of dataSource reachable and writable, and see that the stateDirectory"
                + " is too";
    }

    @Override
    public Optional<String> trouble() {
        return lease.trouble();
    }

    /** Has the database take a file as it is. */
    void takeUp(Path file) throws IOException {
        send(path(file).orElseThrow(), 0, file);
    }

    /**
     * The fence comes last, and is held until the commit: nothing is committed without it, and a
     * large file does not keep the lease from being renewed.
     */
    private void send(String path, long from, Path file) throws IOException {
        transactions.repeat(
                connection -> {
                    FileTable.replaceFrom(connection, scope.name(), path, from, file);
                    lease.check(connection);
                    return null;
                });
    }

    private void changed(Path file, long from) {
        Optional<String> path = path(file);
        path.ifPresent(it -> changed.merge(it, from, Math::min));
    }

    private Optional<String> path(Path file) {
        Optional<String> path = scope.path(file);
        if (path.isEmpty()) {
            String name = file.getFileName().toString();
            if (!name.endsWith(".tmp") && !name.endsWith(".part")) {
                throw new IllegalArgumentException(file + " is not kept in " + scope.name());
            }
        }
        return path;
    }
}
