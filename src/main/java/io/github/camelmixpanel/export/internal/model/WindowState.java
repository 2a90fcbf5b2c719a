package io.github.camelmixpanel.export.internal.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * The life of a window. {@link #ISSUED}, {@link #SPOOLED}, {@link #EMITTING} (with its acknowledged
 * position), {@link #PARKED} and {@link #COMMITTED} are durable in the ledger; the others are gone
 * with the process and start again at {@link #PLANNED}.
 *
 * <pre>
 * PLANNED → FETCHING → SPOOLED → EMITTING → COMMITTED
 *              ↘ RETRY_WAIT → FETCHING  ↘ PARKED
 *              ↘ ISSUED     → COMMITTED
 * </pre>
 *
 * A window whose task was given up is COMMITTED from wherever it waits, when its outcome comes.
 */
public enum WindowState {
    /** Due; no query has been made. */
    PLANNED,
    /** Holds, or waits for, a permit, or downloads. */
    FETCHING,
    /** Issued as a task that has no outcome yet. */
    ISSUED,
    /** The last query failed; waits before the next one. */
    RETRY_WAIT,
    /** A verified body is on disk. */
    SPOOLED,
    /** Its events go to the route; not all of them are acknowledged yet. */
    EMITTING,
    /** Too many of its events fail for good; waits, with its body, for an operator to decide. */
    PARKED,
    /** Every event is acknowledged, or parked. */
    COMMITTED;

    /** Whether its verified body is on disk. */
    public boolean isDownloaded() {
        return this == SPOOLED || this == EMITTING || this == PARKED;
    }

    private Set<WindowState> next() {
        return switch (this) {
            case PLANNED, RETRY_WAIT -> EnumSet.of(FETCHING, COMMITTED);
            case FETCHING -> EnumSet.of(SPOOLED, ISSUED, RETRY_WAIT, PLANNED, COMMITTED);
            case ISSUED -> EnumSet.of(COMMITTED, RETRY_WAIT, PLANNED);
            case SPOOLED -> EnumSet.of(EMITTING, PARKED, PLANNED);
            case PARKED -> EnumSet.of(SPOOLED);
            case EMITTING -> EnumSet.of(EMITTING, PARKED, COMMITTED, PLANNED);
            case COMMITTED -> EnumSet.noneOf(WindowState.class);
        };
    }

    /**
     * Checks a step from one state to another.
     *
     * @return {@code to}
     * @throws IllegalStateException when a window cannot take this step
     */
    public WindowState moveTo(WindowState to) {
        if (!next().contains(to)) {
            throw new IllegalStateException("A window cannot go from " + this + " to " + to);
        }
        return to;
    }
}
