package io.github.camelmixpanel.export.internal.pipeline.route;

/** The route's answer to one exchange. Only the first call counts; any thread may make it. */
public interface Acknowledgement {

    /** The route took all of it. */
    void acknowledge();

    /**
     * The route and its error handler left the exchange failed.
     *
     * @param cause null when the route gave none
     */
    void fail(Throwable cause);
}
