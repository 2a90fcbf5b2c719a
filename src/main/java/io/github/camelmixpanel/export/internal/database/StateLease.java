package io.github.camelmixpanel.export.internal.database;

import io.github.camelmixpanel.export.internal.database.OwnerTable.Owner;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write a scope. It lasts until it is released or, after it could not be renewed in
 * time, another process takes it; from then on every write by this process fails. Thread-safe.
 */
final class StateLease {

    /** How long no other process can take it after a renewal. */
    static final Duration LASTS = Duration.ofSeconds(20);

    /** Asking for the time of the database takes time. */
    private static final Duration TOLERATED = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(StateLease.class);

    private final Scope scope;
    private final Transactions transactions;
    private final Transactions renewals;
    private final InstantSource clock;
    private final InstantSource passing;
    private final long fence;
    private final Duration clockDifference;

    /** By how much {@link #passing} is ahead of the clock of the database; by the last renewal. */
    private volatile Duration passingAhead;

    /** A moment just before the last renewal, by {@link #passing}. */
    private volatile Instant renewed;

    /** Guards renewal and release: a released lease must not be renewed. */
    private final Object ending = new Object();

    private boolean released; // guarded by ending
    private volatile String failure;
    private volatile String lost;

    /**
     * @param before the previous owner
     * @param mine the row as it is now
     * @param requested when this process requested it, by {@code passing}
     */
    StateLease(
            Scope scope,
            Transactions transactions,
            InstantSource clock,
            InstantSource passing,
            Owner before,
            Owner mine,
            Instant requested) {
        this.scope = scope;
        this.transactions = transactions;
        this.renewals = transactions.direct();
        this.clock = clock;
        this.passing = passing;
        this.fence = mine.fence();
        this.passingAhead = Duration.between(mine.now(), requested);
        this.clockDifference =
                before.fence() == 0 ? Duration.ZERO : clockOffset().minus(before.clockOffset());
        this.renewed = requested;
    }

    Scope scope() {
        return scope;
    }

    /** What to add to a time in the scope, which is by the clock of the process that wrote it. */
    Duration clockDifference() {
        return clockDifference;
    }

    /** By how much the clock of this host is ahead of that of the database. */
    private Duration clockOffset() {
        return Duration.between(passing.instant(), clock.instant()).plus(passingAhead);
    }

    /** What a transaction changes in the scope. */
    @FunctionalInterface
    interface Change {
        void in(Connection connection) throws SQLException, IOException;
    }

    /**
     * Changes the scope in one transaction. It checks the lease last, which locks it until the
     * commit: nothing is committed without it, and a large file does not delay its renewal.
     *
     * @param change idempotent
     */
    void write(Change change) throws IOException {
        transactions.repeat(
                connection -> {
                    change.in(connection);
                    Owner owner = check(connection);
                    keepOffset(connection, owner);
                    return owner;
                });
    }

    /**
     * Has the times in the scope be by the clock of this host from then on: before the first write,
     * and after a crash without one, they are by the previous owner's.
     */
    private void keepOffset(Connection connection, Owner owner) throws SQLException {
        Duration offset = clockOffset();
        if (offset.minus(owner.clockOffset()).abs().compareTo(TOLERATED) > 0) {
            table(connection)
                    .update(new Owner(fence, owner.name(), owner.expires(), offset, owner.now()));
        }
    }

    /**
     * Fails unless this process holds the lease; locks it until the transaction ends.
     *
     * @return its row
     */
    private Owner check(Connection connection) throws SQLException, IOException {
        Optional<Owner> owner = table(connection).lock();
        if (owner.isEmpty() || owner.get().fence() != fence) {
            lose(owner.map(Owner::name).orElse("a process that deleted its row"));
            throw new IOException(lost);
        }
        return owner.get();
    }

    private OwnerTable table(Connection connection) {
        return new OwnerTable(connection, scope.name());
    }

    private synchronized void lose(String to) {
        if (lost == null) {
            lost =
                    """
                    The state of %s was taken over by %s: this process no longer writes or emits any of \
                    it. Stop one of the two processes; to take over again, restart this route"""
                            .formatted(scope.name(), to);
            LOG.warn("{}", lost);
        }
    }

    /**
     * Extends the lease, by this thread, which nobody may interrupt. A failure is no end: {@link
     * #trouble} reports one that lasts.
     */
    void renew() {
        synchronized (ending) {
            if (!released && lost == null) {
                extend();
            }
        }
    }

    private void extend() {
        Instant requested = passing.instant();
        try {
            Owner mine = renewals.repeat(connection -> expireIn(connection, LASTS));
            passingAhead = Duration.between(mine.now(), requested);
            renewed = requested;
            failure = null;
        } catch (IOException | RuntimeException | Error e) {
            String cause = e instanceof IOException ? e.getMessage() : e.toString();
            if (lost == null && !cause.equals(failure)) {
                LOG.warn("Cannot renew the lease of {}: {}; retrying", scope.name(), cause);
            }
            failure = cause;
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    /** Has the lease, which this process must hold, end in so much time. */
    private Owner expireIn(Connection connection, Duration time) throws SQLException, IOException {
        Owner mine = check(connection);
        Instant end = mine.now().plus(time);
        table(connection)
                .update(new Owner(fence, mine.name(), end, mine.clockOffset(), mine.now()));
        return mine;
    }

    /** Why nothing may be written or emitted; empty while it is held. */
    Optional<String> trouble() {
        if (lost != null) {
            return Optional.of(lost);
        }
        if (passing.instant().isBefore(renewed.plus(LASTS))) {
            return Optional.empty();
        }
        String why = failure;
        return Optional.of(
                """
                The lease of the state could not be renewed in time%s. The export emits nothing until it \
                is, because another process may take over"""
                        .formatted(why == null ? "" : ": " + why));
    }

    boolean isLost() {
        return lost != null;
    }

    /** Makes it available to others at once; if that fails, it expires. */
    void release() {
        synchronized (ending) {
            try {
                if (!released && lost == null) {
                    transactions.repeat(connection -> expireIn(connection, Duration.ZERO));
                }
            } catch (IOException e) {
                LOG.warn(
                        "Cannot release the lease of {}, which expires in {} s: {}",
                        scope.name(),
                        LASTS.toSeconds(),
                        e.getMessage());
            }
            released = true;
        }
    }
}
