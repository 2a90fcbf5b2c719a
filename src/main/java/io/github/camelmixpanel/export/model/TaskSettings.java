package io.github.camelmixpanel.export.model;

import java.time.Duration;

/**
 * How long tasks are good for; the names are those of the options.
 *
 * @param taskStartTimeout from when a task is given out to the start of its query
 * @param taskTimeout from then to its outcome
 */
public record TaskSettings(Emit emit, Duration taskStartTimeout, Duration taskTimeout) {

    public boolean emitsWindows() {
        return emit == Emit.WINDOWS;
    }
}
