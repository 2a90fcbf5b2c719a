package io.github.camelmixpanel.export.internal.settings;

import io.github.camelmixpanel.export.option.Emit;
import java.time.Duration;

/**
 * How long tasks are good for; the names are those of the options.
 *
 * @param taskStartTimeout from when a task is given out to the start of its query
 * @param taskTimeout from then to its outcome
 */
public record TaskSettings(Emit emit, Duration taskStartTimeout, Duration taskTimeout) {

    /** The longest {@code taskStartTimeout}: for so long the quota waits for a task. */
    public static final Duration LONGEST_START = Duration.ofMinutes(1);

    /** The clocks of planner and fetcher may differ by so much: the quota waits for that too. */
    public static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

    public boolean emitsWindows() {
        return emit == Emit.WINDOWS;
    }
}
