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
 * The right to write a scope. It is held until it is closed or, when it could not be renewed for
 * longer than it lasts, another process takes it; from then on the database refuses every write by
 * this one. Thread-safe.
 */
final class StateLease {

    /** How long nobody else can take it after it was renewed. */
    static final Duration LASTS = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(StateLease.class);

    private final Scope scope;
    private final Transactions transactions;
    private final InstantSource clock;
    private final InstantSource passing;
    private final long fence;
    private final Duration clockDifference;

    /** Before it was renewed, by {@link #passing}. */
    private volatile Instant renewed;

    /** Held while it is renewed or given up: one that is given up must not be renewed after all. */
    private final Object ending = new Object();

    private boolean released; // guarded by ending
    private volatile String failure;
    private volatile String lost;

    /**
     * @param before who had it last
     * @param mine the row as it is now
     * @param asked when, by {@code passing}
     */
    StateLease(
            Scope scope,
            Transactions transactions,
            InstantSource clock,
            InstantSource passing,
            Owner before,
            Owner mine,
            Instant asked) {
        this.scope = scope;
        this.transactions = transactions;
        this.clock = clock;
        this.passing = passing;
        this.fence = mine.fence();
        this.clockDifference =
                before.fence() == 0
                        ? Duration.ZERO
                        : mine.clockOffset().minus(before.clockOffset());
        this.renewed = asked;
    }

    Scope scope() {
        return scope;
    }

    /** What is to be added to a time by the clock of the process that had it before. */
    Duration clockDifference() {
        return clockDifference;
    }

    /** Makes sure, and so it stays until the end of the transaction, that it is still held. */
    void check(Connection connection) throws SQLException, IOException {
        locked(connection);
    }

    private Owner locked(Connection connection) throws SQLException, IOException {
        Optional<Owner> owner = OwnerTable.lock(connection, scope.name());
        if (owner.isEmpty() || owner.get().fence() != fence) {
            lose(owner.map(Owner::name).orElse("somebody who deleted its row"));
            throw new IOException(lost);
        }
        return owner.get();
    }

    private synchronized void lose(String to) {
        if (lost == null) {
            lost =
                    "The state of "
                            + scope.name()
                            + " was taken over by "
                            + to
                            + ": this process writes and emits nothing of it any more. Stop one of the"
                            + " two, and restart this route if it is to take over again";
            LOG.warn("{}", lost);
        }
    }

    /** Keeps it for another while; what fails is told by {@link #trouble}. */
    void renew() {
        synchronized (ending) {
            if (!released && lost == null) {
                extend();
            }
        }
    }

    private void extend() {
        Instant asked = passing.instant();
        Instant local = clock.instant();
        try {
            transactions.repeat(
                    connection -> {
                        Owner owner = locked(connection);
                        Duration offset = Duration.between(owner.now(), local);
                        expire(connection, owner, LASTS, offset);
                        return null;
                    });
            renewed = asked;
            failure = null;
        } catch (IOException e) {
            if (failure == null && lost == null) {
                LOG.warn("Cannot renew the lease of {}: {}", scope.name(), e.getMessage());
            }
            failure = e.getMessage();
        }
    }

    /**
     * @param in how long it lasts from now on, by the clock of the database
     */
    private void expire(Connection connection, Owner mine, Duration in, Duration clockOffset)
            throws SQLException {
        OwnerTable.update(
                connection,
                scope.name(),
                new Owner(fence, mine.name(), mine.now().plus(in), clockOffset, mine.now()));
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
                "The lease of "
                        + scope.name()
                        + " could not be renewed in time"
                        + (why == null ? "" : ": " + why)
                        + ". Nothing is emitted until it is, since another process may take over");
    }

    boolean isLost() {
        return lost != null;
    }

    /** Lets others have it at once. What fails here ends by itself. */
    void release() {
        synchronized (ending) {
            if (!released && lost == null) {
                end();
            }
            released = true;
        }
    }

    private void end() {
        try {
            transactions.repeat(
                    connection -> {
                        Owner owner = locked(connection);
                        expire(connection, owner, Duration.ZERO, owner.clockOffset());
                        return null;
                    });
        } catch (IOException e) {
            LOG.warn(
                    "Cannot give up the lease of {}, which ends in {} s by itself: {}",
                    scope.name(),
                    LASTS.toSeconds(),
                    e.getMessage());
        }
    }
}
