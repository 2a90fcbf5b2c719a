package io.github.camelmixpanel.export.option;

/** What happens to an exchange that is still failed after the route's error handler. */
public enum OnFailure {
    /** The consumer emits it again, at most {@code maxRedeliveries} times, and then parks it. */
    RETRY,
    /** The consumer parks it as soon as the route has taken another exchange. */
    PARK,
    /** The exception handler receives it and it counts as done, whatever the route's state. */
    SKIP
}
