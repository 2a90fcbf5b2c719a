package io.github.camelmixpanel.export.internal.settings;

import io.github.camelmixpanel.export.option.Emit;
import java.time.Duration;

/**
 * How long tasks are valid. Names are those of the endpoint options.
 *
 * @param taskStartTimeout from the issue of a task to the start of its query
 * @param taskTimeout from then to its outcome
 */
public record TaskSettings(Emit emit, Duration taskStartTimeout, Duration taskTimeout) {

    /** The longest {@code taskStartTimeout}: the quota waits that long for a task. */
    public static final Duration LONGEST_START = Duration.ofMinutes(1);

    /** How much the clocks of planner and fetcher may differ: the quota waits for that too. */
    public static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

    public boolean emitsWindows() {
        return emit == Emit.WINDOWS;
    }
}
