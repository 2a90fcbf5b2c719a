package io.github.camelmixpanel.export.internal.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * The life of a window. {@link #HANDED_OUT}, {@link #SPOOLED}, {@link #EMITTING} (with its
 * acknowledged position), {@link #PARKED} and {@link #COMMITTED} are durable in the ledger; the
 * others are gone with the process and start again at {@link #PLANNED}.
 *
 * <pre>
 * PLANNED → FETCHING → SPOOLED → EMITTING → COMMITTED
 *              ↘ RETRY_WAIT → FETCHING  ↘ PARKED
 *              ↘ HANDED_OUT → COMMITTED
 * </pre>
 */
public enum WindowState {
    /** Due; no query has been made. */
    PLANNED,
    /** Holds, or waits for, a permit, or downloads. */
    FETCHING,
    /** Given away as a task; its outcome has not come. */
    HANDED_OUT,
    /** The last query failed; waits before it asks again. */
    RETRY_WAIT,
    /** A verified body is on disk. */
    SPOOLED,
    /** Events are handed to the route; not all of them are acknowledged yet. */
    EMITTING,
    /** Too many of its events fail for good; waits, with its body, for somebody to decide. */
    PARKED,
    /** Every event is acknowledged, or parked. */
    COMMITTED;

    private Set<WindowState> next() {
        return switch (this) {
            case PLANNED, RETRY_WAIT -> EnumSet.of(FETCHING);
            case FETCHING -> EnumSet.of(SPOOLED, HANDED_OUT, RETRY_WAIT, PLANNED);
            case HANDED_OUT -> EnumSet.of(COMMITTED, RETRY_WAIT, PLANNED);
            case SPOOLED -> EnumSet.of(EMITTING, PARKED, PLANNED);
            case PARKED -> EnumSet.of(SPOOLED);
            case EMITTING -> EnumSet.of(EMITTING, PARKED, COMMITTED, PLANNED);
            case COMMITTED -> EnumSet.noneOf(WindowState.class);
        };
    }

    /**
     * The only way from one state to another.
     *
     * @return {@code to}
     * @throws IllegalStateException when the life of a window knows no such step
     */
    public WindowState moveTo(WindowState to) {
        if (!next().contains(to)) {
            throw new IllegalStateException("A window cannot go from " + this + " to " + to);
        }
        return to;
    }
}
