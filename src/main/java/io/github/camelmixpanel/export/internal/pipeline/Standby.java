package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.State;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the state that another process has, and takes it over within {@value #SECONDS} seconds
 * when that one is gone.
 *
 * <p>One thread waits; others may ask, and wake it.
 */
public final class Standby {

    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);
    private static final int SECONDS = 5;

    /** Opening takes no longer, unless a database does not answer or has a lot to send. */
    private static final Duration LONGEST_OPENING = Duration.ofMinutes(5);

    private final String name;
    private final InstantSource clock;
    private final InstantSource passing;
    private final Sleeper sleeper;
    private volatile String holder;

    /** When it began to wait, or to open. */
    private volatile Instant since;

    /** When it began to open the export; null while it does not. */
    private volatile Instant opensSince;

    /**
     * @param passing elapsed time since any origin
     */
    public Standby(String name, InstantSource clock, InstantSource passing, Sleeper sleeper) {
        this.name = name;
        this.clock = clock;
        this.since = clock.instant();
        this.passing = passing;
        this.sleeper = sleeper;
    }

    /** Opens the export. */
    @FunctionalInterface
    public interface Opening {
        Export open() throws ExportException;
    }

    /** What keeps it waiting; empty while it does not. */
    public Optional<String> reason() {
        return Optional.ofNullable(holder);
    }

    /**
     * The last snapshot as a standby has it: it waits for the holder of the state, or an attempt to
     * open the state takes too long.
     *
     * @param last of an earlier run; empty when there was none
     */
    public Optional<ExportSnapshot> snapshot(Optional<ExportSnapshot> last) {
        Optional<String> stuck = trouble();
        String held = holder;
        if (stuck.isEmpty() && held == null) {
            return last;
        }
        List<Trouble> troubles = stuck.map(it -> Trouble.of(Kind.STATE, it)).stream().toList();
        return Optional.of(
                last.orElseGet(() -> ExportSnapshot.unopened(name, clock.instant()))
                        .now(
                                it ->
                                        stuck.isPresent()
                                                ? it.now(
                                                        State.NEEDS_YOU,
                                                        "Look at the database of dataSource.",
                                                        since,
                                                        troubles)
                                                : it.now(State.STANDBY, held, since, troubles)));
    }

    /** Describes an attempt to open the state that takes too long; empty when none does. */
    private Optional<String> trouble() {
        return Optional.ofNullable(opensSince)
                .map(since -> Duration.between(since, passing.instant()))
                .filter(taken -> taken.compareTo(LONGEST_OPENING) >= 0)
                .map(
                        taken ->
                                """
                                opening the state has taken %d minutes: the database does not \
                                answer, or sends a lot"""
                                        .formatted(taken.toMinutes()));
    }

    /** The state is in use: logs so, once. */
    public void begin(StateInUseException e) {
        if (holder == null) {
            LOG.info("mixpanel-export:{} is a standby: {}", name, e.getMessage());
            since = clock.instant();
        }
        holder = e.getMessage();
    }

    public void end() {
        holder = null;
    }

    /**
     * @return null when it was not to go on
     * @throws ExportException when the state is free and cannot be used
     */
    public Export await(Opening opening, BooleanSupplier goOn)
            throws ExportException, InterruptedException {
        while (goOn.getAsBoolean()) {
            try {
                opensSince = passing.instant();
                Export export = opening.open();
                if (export != null && holder != null) {
                    LOG.info("mixpanel-export:{} has taken over and goes on", name);
                }
                end();
                return export;
            } catch (StateInUseException e) {
                begin(e);
            } catch (ExportException | RuntimeException e) {
                end(); // it waits for nobody: the poll fails, and health says so
                throw e;
            } finally {
                opensSince = null;
            }
            synchronized (this) {
                if (goOn.getAsBoolean()) {
                    sleeper.sleep(this, Duration.ofSeconds(SECONDS));
                }
            }
        }
        return null;
    }

    /** Makes it ask again whether it is to go on. */
    public synchronized void wake() {
        notifyAll();
    }
}
