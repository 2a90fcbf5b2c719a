package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.database.OwnerTable.Owner;
import io.github.camelmixpanel.export.internal.durable.ProcessIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Leases each scope of a database to one process at a time, and renews the leases of this process.
 * Thread-safe.
 */
final class StateDatabase implements Closeable {

    private static final long RENEWAL_MILLIS = 5_000;

    private final Transactions transactions;
    private final InstantSource clock;
    private final InstantSource passing;
    private final Supplier<ScheduledExecutorService> renewing;
    private final List<StateLease> leases = new CopyOnWriteArrayList<>();

    /** Guarded by the {@link Databases} that this belongs to. */
    int users;

    private volatile boolean tablesExist;

    /** Null until this process has a lease. */
    private ScheduledExecutorService scheduler;

    /**
     * @param clock that of this host
     * @param passing elapsed time since any origin
     * @param renewing creates what renews the leases until {@link #close} shuts it down, or null
     *     when the caller calls {@link #renew}
     */
    StateDatabase(
            Transactions transactions,
            InstantSource clock,
            InstantSource passing,
            Supplier<ScheduledExecutorService> renewing) {
        this.transactions = transactions;
        this.clock = clock;
        this.passing = passing;
        this.renewing = renewing;
    }

    /** Not before there is a lease: a standby tries every few seconds. */
    private synchronized void startRenewing() {
        if (scheduler == null) {
            scheduler = renewing.get();
            if (scheduler != null) {
                scheduler.scheduleWithFixedDelay(
                        this::renew, RENEWAL_MILLIS, RENEWAL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    Transactions transactions() {
        return transactions;
    }

    void renew() {
        leases.forEach(StateLease::renew);
    }

    /**
     * Makes this process the owner of a scope; creates the tables if they do not exist.
     *
     * @throws StateInUseException while another process is
     */
    StateLease acquire(Scope scope) throws LedgerException {
        if (!tablesExist) {
            Tables.require(transactions);
            tablesExist = true;
        }
        try {
            while (true) {
                Optional<StateLease> lease = tryToAcquire(scope);
                if (lease.isPresent()) {
                    leases.add(lease.get());
                    startRenewing();
                    return lease.get();
                }
                insert(scope);
            }
        } catch (InUse e) {
            throw new StateInUseException(e.getMessage());
        } catch (IOException e) {
            throw new LedgerException(
                    """
                    Cannot take the lease of %s in the database of dataSource: %s. Make the database \
                    reachable and writable, and restart the route"""
                            .formatted(scope.name(), e.getMessage()),
                    e);
        }
    }

    /** Empty when the scope has no row yet. */
    private Optional<StateLease> tryToAcquire(Scope scope) throws IOException {
        Instant requested = passing.instant();
        Instant local = clock.instant();
        return transactions.run(
                connection -> {
                    OwnerTable table = new OwnerTable(connection, scope.name());
                    Optional<Owner> before = table.lock();
                    if (before.isEmpty()) {
                        return Optional.empty();
                    }
                    Owner owner = before.get();
                    if (owner.expires().isAfter(owner.now())) {
                        throw new InUse(scope, owner);
                    }
                    Owner mine =
                            new Owner(
                                    owner.fence() + 1,
                                    ProcessIdentity.since(local),
                                    owner.now().plus(StateLease.LASTS),
                                    owner.fence() == 0
                                            ? Duration.between(owner.now(), local)
                                            : owner.clockOffset(), // until the first write
                                    owner.now());
                    table.update(mine);
                    return Optional.of(
                            new StateLease(
                                    scope, transactions, clock, passing, owner, mine, requested));
                });
    }

    private void insert(Scope scope) throws IOException {
        try {
            transactions.run(it -> new OwnerTable(it, scope.name()).insert());
        } catch (DatabaseException e) {
            if (!e.isDuplicate()) {
                throw e;
            }
        }
    }

    private static final class InUse extends IOException {

        private static final long serialVersionUID = 1L;

        InUse(Scope scope, Owner owner) {
            super(
                    """
                    The state of %s in the database of dataSource is in use by %s, until %s by the \
                    clock of the database unless that process renews it. Stop that process, wait if it \
                    has crashed, or set onStateInUse=WAIT to take over when it is gone"""
                            .formatted(
                                    scope.name(),
                                    owner.name(),
                                    owner.expires().truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    void release(StateLease lease) {
        leases.remove(lease);
        lease.release();
    }

    @Override
    public synchronized void close() {
        if (scheduler != null) {
            scheduler.shutdown();
        }
    }
}
