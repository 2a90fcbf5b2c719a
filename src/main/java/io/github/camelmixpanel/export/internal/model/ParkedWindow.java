package io.github.camelmixpanel.export.internal.model;

/**
 * What of one generation of a window waits for an operator's decision.
 *
 * @param events events that are parked
 * @param whole whether the window itself is parked, spooled and not committed
 */
public record ParkedWindow(Window window, int generation, long events, boolean whole) {

    /** The same when the window itself is no longer parked. */
    public ParkedWindow eventsOnly() {
        return new ParkedWindow(window, generation, events, false);
    }

    public boolean isSameGeneration(ParkedWindow other) {
        return generation == other.generation && window.equals(other.window);
    }

    /** For people. */
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
