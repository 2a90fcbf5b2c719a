package io.github.camelmixpanel.export.week;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.database.Databases;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.pipeline.Export;
import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.internal.pipeline.tasks.TaskResult;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.option.Reexport;
import io.github.camelmixpanel.export.testkit.Patiently;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One run of the export, from its start until it is stopped or dies. Used by one thread. */
final class Application {

    private final Life life;
    private final RecordingRoute route;
    private final ExportClient client;
    private final ExecutorService pool;
    private final ExportRegistry exports;
    private final Export export;

    /**
     * Starts it.
     *
     * @param clock of this machine
     * @throws ExportException when it dies at once
     */
    Application(
            EndpointAccess endpoint,
            VirtualTime time,
            InstantSource clock,
            RecordingRoute route,
            Life life,
            Databases databases)
            throws Exception {
        this.life = life;
        this.route = route;
        ExportSettings settings = endpoint.settings();
        route.begin(life);
        exports =
                new ExportRegistry(
                        clock,
                        time.clock(),
                        route.working(time.sleeper(), Thread.currentThread()),
                        life,
                        databases,
                        time::start);
        client = endpoint.newClient();
        pool = Executors.newFixedThreadPool(settings.downloads().maxConcurrentWindows());
        boolean open = false;
        try {
            export = exports.open(settings, client, route, pool);
            route.begun(export::flush);
            open = true;
        } finally {
            if (!open) {
                end();
            }
        }
    }

    /** One poll, which ends early when the process dies. */
    void poll(BooleanSupplier goOn) throws ExportException {
        try {
            export.poll(() -> !life.isOver() && goOn.getAsBoolean());
            export.flush(); // as another thread does a second later
        } catch (ExportException e) {
            if (!life.isOver() && !life.isFull()) {
                throw e;
            }
        }
    }

    /** As another thread does each second between polls. */
    void flush() {
        export.flush();
    }

    /** Hands what is parked to the route once more, in the next poll. */
    void resume(Window days) {
        export.resume(days);
    }

    /** Asks for days again, where that can be done. */
    void repair(Window days) throws ExportException {
        try {
            export.reexport(days, Reexport.REPAIR);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return; // none of them was exported, or their keys are gone
        } catch (ExportException e) {
            if (!life.isOver() && !life.isFull()) {
                throw e;
            }
        }
    }

    /** Takes the outcome of a task; on return it is on disk. */
    TaskResult complete(TaskOutcome outcome) throws ExportException {
        return export.complete(outcome);
    }

    /** Windows that are due and not parked. */
    List<WindowStatus> waiting() {
        return export.snapshot().work().windows().stream()
                .filter(window -> window.state() != WindowState.PARKED)
                .toList();
    }

    /** Stops it in order: what the route has it finishes, and nothing is forgotten. */
    void stop() throws Exception {
        route.finish();
        export.stop();
        end();
        exports.close(export);
        assertThat(exports.bytesInMemory()).isZero();
    }

    /** What is left to do of a dead process, so that nothing of it is there any more. */
    void bury() throws Exception {
        export.stop();
        end();
    }

    /** Gives back what a dead process held; its state directory is not used any more. */
    void release() {
        exports.close(export);
    }

    private void end() throws InterruptedException {
        pool.shutdownNow();
        client.close();
        if (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
            Patiently.await().until(pool::isTerminated);
        }
    }
}
