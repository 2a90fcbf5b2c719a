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

/**
 * A database that keeps state: gives each scope to one process at a time, and renews what this one
 * has. Thread-safe.
 */
final class StateDatabase implements Closeable {

    private static final Duration RENEWED_EVERY = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final InstantSource clock;
    private final InstantSource passing;
    private final ScheduledExecutorService renewing;
    private final List<StateLease> leases = new CopyOnWriteArrayList<>();

    /**
     * Makes the tables if there are none.
     *
     * @param clock that of this host
     * @param passing the time that passes, from any beginning
     * @param renewing shut down by {@link #close}; null when {@link #renew} is called otherwise
     */
    StateDatabase(
            Transactions transactions,
            InstantSource clock,
            InstantSource passing,
            ScheduledExecutorService renewing)
            throws LedgerException {
        this.transactions = transactions;
        this.clock = clock;
        this.passing = passing;
        this.renewing = renewing;
        Tables.require(transactions);
        if (renewing != null) {
            renewing.scheduleWithFixedDelay(
                    this::renew,
                    RENEWED_EVERY.toMillis(),
                    RENEWED_EVERY.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    Transactions transactions() {
        return transactions;
    }

    boolean isUnused() {
        return leases.isEmpty();
    }

    void renew() {
        leases.forEach(StateLease::renew);
    }

    /**
     * Makes this process the owner of a scope.
     *
     * @throws StateInUseException while another one is
     */
    StateLease acquire(Scope scope) throws LedgerException {
        try {
            while (true) {
                Optional<StateLease> lease = tryToAcquire(scope);
                if (lease.isPresent()) {
                    leases.add(lease.get());
                    return lease.get();
                }
                insert(scope);
            }
        } catch (InUse e) {
            throw new StateInUseException(e.getMessage());
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot take the lease of "
                            + scope.name()
                            + " in the database of dataSource: "
                            + e.getMessage()
                            + ". Make it reachable and writable, and start the route again",
                    e);
        }
    }

    /** Empty when there is no row for it yet. */
    private Optional<StateLease> tryToAcquire(Scope scope) throws IOException {
        Instant asked = passing.instant();
        Instant local = clock.instant();
        return transactions.run(
                connection -> {
                    Optional<Owner> before = OwnerTable.lock(connection, scope.name());
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
                                    Duration.between(owner.now(), local),
                                    owner.now());
                    OwnerTable.update(connection, scope.name(), mine);
                    return Optional.of(
                            new StateLease(
                                    scope, transactions, clock, passing, owner, mine, asked));
                });
    }

    private void insert(Scope scope) throws IOException {
        try {
            transactions.run(
                    connection -> {
                        OwnerTable.insert(connection, scope.name());
                        return null;
                    });
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
                    "The state of "
                            + scope.name()
                            + " in the database of dataSource is in use by "
                            + owner.name()
                            + ", until "
                            + owner.expires().truncatedTo(ChronoUnit.SECONDS)
                            + " by the clock of the database unless that process renews it. Stop that"
                            + " one, wait if it is dead, or set onStateInUse=WAIT to take over when it"
                            + " is gone");
        }
    }

    void release(StateLease lease) {
        leases.remove(lease);
        lease.release();
    }

    @Override
    public void close() {
        if (renewing != null) {
            renewing.shutdown();
        }
    }
}
