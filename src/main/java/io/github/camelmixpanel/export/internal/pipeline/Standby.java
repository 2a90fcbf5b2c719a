package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import java.time.Duration;
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

    private final String name;
    private final Sleeper sleeper;
    private volatile String holder;

    public Standby(String name, Sleeper sleeper) {
        this.name = name;
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

    /** The state is in use: logs so, once. */
    public void begin(StateInUseException e) {
        if (holder == null) {
            LOG.info("mixpanel-export:{} is a standby: {}", name, e.getMessage());
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
