package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Leases state in databases, each open while this process owns state in it, and gives access to
 * state that is only in the state directory. Thread-safe.
 */
public final class Databases {

    private final InstantSource clock;
    private final InstantSource passing;
    private final Executor threads;
    private final Supplier<ScheduledExecutorService> renewing;
    private final Map<DataSource, StateDatabase> open = new IdentityHashMap<>();

    /**
     * @param clock that of this host
     * @param passing elapsed time since any origin: leases end by it
     */
    public Databases(InstantSource clock, InstantSource passing) {
        this(
                clock,
                passing,
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        daemons("MixpanelExportDatabase")),
                () -> new ScheduledThreadPoolExecutor(1, daemons("MixpanelExportLease")));
    }

    /**
     * @param threads do the work while the caller waits
     * @param renewing creates the scheduler that renews the leases of one database, or null
     */
    Databases(
            InstantSource clock,
            InstantSource passing,
            Executor threads,
            Supplier<ScheduledExecutorService> renewing) {
        this.clock = clock;
        this.passing = passing;
        this.threads = threads;
        this.renewing = renewing;
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Makes this process the owner of a scope, and updates its working copy.
     *
     * @param dataSource null for state that is only in the state directory
     * @param local writes the state directory
     * @throws StateInUseException when another process owns it
     * @throws LedgerException when the database or the working copy cannot be used
     */
    public LeasedState hold(DataSource dataSource, Scope scope, Disk local) throws LedgerException {
        if (dataSource == null) {
            rejectWorkingCopy(scope);
            return new LeasedState(local, Duration.ZERO, () -> {});
        }
        StateDatabase database = use(dataSource);
        StateLease lease = null;
        boolean done = false;
        try {
            lease = database.acquire(scope);
            DatabaseDisk disk = new DatabaseDisk(local, lease);
            new WorkingCopy(scope, database.transactions()).update(disk);
            StateLease held = lease;
            done = true;
            return new LeasedState(
                    disk, lease.clockDifference(), () -> release(dataSource, database, held));
        } catch (IOException e) {
            throw new LedgerException(
                    """
                    Cannot update folder %s from %s in the database of dataSource: %s. Make both readable \
                    and writable, and restart the route"""
                            .formatted(scope.folder(), scope.name(), e),
                    e);
        } finally {
            if (!done) {
                release(dataSource, database, lease);
            }
        }
    }

    private static void rejectWorkingCopy(Scope scope) throws LedgerException {
        if (scope.isWorkingCopy()) {
            throw new LedgerException(
                    """
                    Folder %s is a working copy of state that is kept in a database. Set dataSource \
                    again; or, if no other process uses that state any more, delete %s to continue with \
                    the folder alone"""
                            .formatted(scope.folder(), scope.marker()));
        }
    }

    /** Waits for no database: others may respond. */
    private synchronized StateDatabase use(DataSource dataSource) {
        StateDatabase database =
                open.computeIfAbsent(
                        dataSource,
                        it ->
                                new StateDatabase(
                                        new Transactions(it, threads), clock, passing, renewing));
        database.users++;
        return database;
    }

    private void release(DataSource dataSource, StateDatabase database, StateLease lease) {
        if (lease != null) {
            database.release(lease);
        }
        synchronized (this) {
            if (--database.users == 0) {
                database.close();
                open.remove(dataSource);
            }
        }
    }
}
