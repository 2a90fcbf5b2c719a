package io.github.camelmixpanel.export.option;

/** What happens to an exchange that the route and its error handler left failed. */
public enum OnFailure {
    /** It is handed out again, {@code maxRedeliveries} times at most, and then parked. */
    RETRY,
    /** It is parked as soon as the route has taken another exchange. */
    PARK,
    /** It is told to the exception handler and counts as done, whatever the route's state. */
    SKIP
}
