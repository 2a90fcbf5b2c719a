package io.github.camelmixpanel.export.internal.model;

/**
 * What of one generation of a window waits for somebody's decision.
 *
 * @param events events that are parked
 * @param whole whether the window itself is parked, spooled and not committed
 */
public record ParkedWindow(Window window, int generation, long events, boolean whole) {

    /** What is told to people. */
    public String trouble() {
        return whole
                ? "window " + window + " is parked: more than 1 % of its events fail"
                : "window "
                        + window
                        + " (generation "
                        + generation
                        + "): "
                        + (events == 1 ? "1 event is parked" : events + " events are parked");
    }
}
