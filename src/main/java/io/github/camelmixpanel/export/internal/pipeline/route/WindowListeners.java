package io.github.camelmixpanel.export.internal.pipeline.route;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Passes each event to several listeners, in their order. One that throws keeps it from no other,
 * and never fails a window.
 */
public final class WindowListeners implements WindowListener {

    private final Consumer<RuntimeException> thrown;
    private final List<WindowListener> listeners;

    /**
     * @param thrown gets what a listener throws
     */
    public WindowListeners(Consumer<RuntimeException> thrown, WindowListener... listeners) {
        this.thrown = thrown;
        this.listeners = List.of(listeners);
    }

    private void each(Consumer<WindowListener> event) {
        for (WindowListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                thrown.accept(e);
            }
        }
    }

    @Override
    public void recovered(Window window, int generation, long acknowledged, long lines) {
        each(it -> it.recovered(window, generation, acknowledged, lines));
    }

    @Override
    public void windowStarted(Window window, int generation) {
        each(it -> it.windowStarted(window, generation));
    }

    @Override
    public void rateLimited(RateLimitedException answer) {
        each(it -> it.rateLimited(answer));
    }

    @Override
    public void downloadFailed(Window window, ExportException failure) {
        each(it -> it.downloadFailed(window, failure));
    }

    @Override
    public void dayNotBegun(ExportException failure) {
        each(it -> it.dayNotBegun(failure));
    }

    @Override
    public void windowCut(Window window, int longest, ExportException failure) {
        each(it -> it.windowCut(window, longest, failure));
    }

    @Override
    public void retryScheduled(ExportException failure, int attempt, int attempts, Duration delay) {
        each(it -> it.retryScheduled(failure, attempt, attempts, delay));
    }

    @Override
    public void windowFailed(Window window, int generation, ExportException failure) {
        each(it -> it.windowFailed(window, generation, failure));
    }

    @Override
    public void bodyOutOfReach(ExportException failure, Duration delay) {
        each(it -> it.bodyOutOfReach(failure, delay));
    }

    @Override
    public void bodyLost(ExportException failure) {
        each(it -> it.bodyLost(failure));
    }

    @Override
    public void acknowledged(long events) {
        each(it -> it.acknowledged(events));
    }

    @Override
    public void eventsLeftFailed(
            Window window, long events, boolean routeDown, Duration backoff, Throwable last) {
        each(it -> it.eventsLeftFailed(window, events, routeDown, backoff, last));
    }

    @Override
    public void eventsParked(Window window, List<ExportEvent> events, Throwable cause) {
        each(it -> it.eventsParked(window, events, cause));
    }

    @Override
    public void windowParked(Window window, long failed, long parked, Throwable last) {
        each(it -> it.windowParked(window, failed, parked, last));
    }

    @Override
    public void parkedResumed(Window window, long taken, long left, Throwable last) {
        each(it -> it.parkedResumed(window, taken, left, last));
    }

    @Override
    public void parkedDropped(Window window, long events) {
        each(it -> it.parkedDropped(window, events));
    }

    @Override
    public void windowDropped(Window window) {
        each(it -> it.windowDropped(window));
    }

    @Override
    public void windowCommitted(WindowSummary summary) {
        each(it -> it.windowCommitted(summary));
    }

    @Override
    public void noticeFailed(Window window, Throwable cause) {
        each(it -> it.noticeFailed(window, cause));
    }

    @Override
    public void taskIssued(ExportTask task) {
        each(it -> it.taskIssued(task));
    }

    @Override
    public void taskTaken(ExportTask task) {
        each(it -> it.taskTaken(task));
    }

    @Override
    public void taskNotEnded(ExportTask task, ExportException failure) {
        each(it -> it.taskNotEnded(task, failure));
    }

    @Override
    public void outcomeIgnored(ExportTask task) {
        each(it -> it.outcomeIgnored(task));
    }
}
