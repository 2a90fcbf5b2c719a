package io.github.camelmixpanel.export;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ExecutorServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does each second what exports do beside their polls. One that is held up, by a disk or a database
 * for one, holds up no other: one thread goes through all of them, and while it cannot go on, the
 * next round of another thread leaves that export out. Thread-safe.
 */
final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final ExecutorServiceManager executors;
    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private ScheduledExecutorService clock;
    private ExecutorService rounds;

    Watch(ExecutorServiceManager executors) {
        this.executors = executors;
    }

    /** Begins to do this, never both at once, until {@link Watched#end}. */
    synchronized Watched begin(Runnable eachSecond, Runnable eachMinute) {
        if (all.isEmpty()) {
            ExecutorService threads = executors.newCachedThreadPool(this, "MixpanelExportWatch");
            rounds = threads;
            clock = executors.newSingleThreadScheduledExecutor(this, "MixpanelExportWatchClock");
            clock.scheduleWithFixedDelay(
                    () -> threads.execute(this::round), 1, 1, TimeUnit.SECONDS);
            clock.scheduleWithFixedDelay(
                    () -> {
                        all.forEach(it -> it.minuteIsOver = true);
                        threads.execute(this::round);
                    },
                    1,
                    1,
                    TimeUnit.MINUTES);
        }
        Watched watched = new Watched(eachSecond, eachMinute);
        all.add(watched);
        return watched;
    }

    private synchronized void leave(Watched watched) {
        if (all.remove(watched) && all.isEmpty()) {
            executors.shutdownNow(clock);
            executors.shutdownNow(rounds);
        }
    }

    private void round() {
        all.forEach(Watched::turn);
    }

    /** What one export does. */
    final class Watched {

        private final Runnable eachSecond;
        private final Runnable eachMinute;
        private volatile boolean minuteIsOver;
        private Thread atWork; // null: none
        private boolean ended;

        private Watched(Runnable eachSecond, Runnable eachMinute) {
            this.eachSecond = eachSecond;
            this.eachMinute = eachMinute;
        }

        private void turn() {
            if (!begins()) {
                return;
            }
            try {
                eachSecond.run();
                if (minuteIsOver) {
                    minuteIsOver = false;
                    eachMinute.run();
                }
            } catch (VirtualMachineError e) {
                LOG.debug("The export has said so; others go on", e);
            } finally {
                over();
            }
        }

        private synchronized boolean begins() {
            if (ended || atWork != null) {
                return false;
            }
            atWork = Thread.currentThread();
            return true;
        }

        private synchronized void over() {
            atWork = null;
            Thread.interrupted(); // it was for this export alone
        }

        /** Interrupts what is being done, and does nothing more. Does not wait. */
        void end() {
            leave(this);
            synchronized (this) {
                ended = true;
                if (atWork != null) {
                    atWork.interrupt();
                }
            }
        }
    }
}
