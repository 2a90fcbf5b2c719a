package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import java.io.IOException;
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
 * The databases in which exports keep their state, each open as long as somebody has state in it;
 * and the state that is kept in none. Thread-safe.
 */
public final class Databases {

    private final InstantSource clock;
    private final InstantSource passing;
    private final Executor threads;
    private final Supplier<ScheduledExecutorService> renewing;
    private final Map<DataSource, StateDatabase> open = new IdentityHashMap<>();

    /**
     * @param clock that of this host
     * @param passing the time that really passes, from any beginning: leases end by it
     */
    public Databases(InstantSource clock, InstantSource passing) {
        this(clock, passing, threads(), Databases::renewing);
    }

    /**
     * @param threads do the work while the caller waits
     * @param renewing gives what renews the leases of one database; null for nothing
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

    private static Executor threads() {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                daemons("MixpanelExportDatabase"));
    }

    private static ScheduledExecutorService renewing() {
        return new ScheduledThreadPoolExecutor(1, daemons("MixpanelExportLease"));
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Makes this process the owner of a scope, and brings its working copy in line.
     *
     * @param dataSource null for state that is kept in the state directory alone
     * @param local how the state directory is written
     * @throws StateInUseException when another process has it
     * @throws LedgerException when the database or the working copy cannot be used
     */
    public synchronized LeasedState hold(DataSource dataSource, Scope scope, Disk local)
            throws LedgerException {
        if (dataSource == null) {
            refuseAWorkingCopy(scope);
            return LeasedState.local(local);
        }
        StateDatabase database = database(dataSource);
        StateLease lease = null;
        boolean done = false;
        try {
            lease = database.acquire(scope);
            DatabaseDisk disk = new DatabaseDisk(local, lease, database.transactions());
            new WorkingCopy(scope, database.transactions()).bringInLine(disk);
            StateLease held = lease;
            done = true;
            return new LeasedState(
                    disk,
                    lease.clockDifference(),
                    lease::isLost,
                    () -> release(dataSource, database, held));
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot bring "
                            + scope.folder()
                            + " in line with "
                            + scope.name()
                            + " in the database of dataSource: "
                            + e
                            + ". Make both readable and writable, and start the route again",
                    e);
        } finally {
            if (!done) {
                release(dataSource, database, lease);
            }
        }
    }

    private static void refuseAWorkingCopy(Scope scope) throws LedgerException {
        if (scope.isWorkingCopy()) {
            throw new LedgerException(
                    "Folder "
                            + scope.folder()
                            + " is a working copy of state that is kept in a database. Set dataSource"
                            + " again; or, when no other process uses that state any more, delete "
                            + scope.marker()
                            + " to go on with the folder alone");
        }
    }

    private StateDatabase database(DataSource dataSource) throws LedgerException {
        StateDatabase database = open.get(dataSource);
        if (database == null) {
            database =
                    new StateDatabase(
                            new Transactions(dataSource, threads), clock, passing, renewing.get());
            open.put(dataSource, database);
        }
        return database;
    }

    private synchronized void release(
            DataSource dataSource, StateDatabase database, StateLease lease) {
        if (lease != null) {
            database.release(lease);
        }
        if (database.isUnused()) {
            database.close();
            open.remove(dataSource);
        }
    }
}
