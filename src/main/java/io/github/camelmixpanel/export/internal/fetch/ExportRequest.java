package io.github.camelmixpanel.export.internal.fetch;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.text.Mask;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * Sends one query, at most once, by one thread. {@link #close()} ends the query at once, from any
 * thread at any time.
 */
public final class ExportRequest implements Closeable {

    private static final String SENDER = "mixpanel-export.sender";

    private final HttpClient client;
    private final HttpGet get;
    private final Window window;
    private final Runnable sent;
    private final Mask mask;
    private volatile Duration timeout;

    /** Completes when the request is over, or at its deadline by the JDK's own timer thread. */
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private volatile boolean overdue;
    private volatile boolean left;
    private volatile boolean headReceived;
    private volatile Instant serverStartedAt;
    private volatile Duration serverAhead;

    ExportRequest(HttpClient client, HttpGet get, Window window, Runnable sent, Mask mask) {
        this.client = client;
        this.get = get;
        this.window = window;
        this.sent = sent;
        this.mask = mask;
    }

    /**
     * Sends the query and returns when the head of a response with status 200 has arrived.
     *
     * @param clock for a {@code Retry-After} that is a date, and to compare with the server's
     * @param timeout for the whole response, head and body, even if its bytes arrive slowly; at its
     *     end the request breaks the connection. Elapsed time: changes of the clock do not count
     * @throws ExportException when the server cannot be reached or answers anything but 200
     */
    public ExportResponse send(InstantSource clock, Duration timeout) throws ExportException {
        Instant sentAt = clock.instant();
        try {
            this.timeout = timeout;
            over.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((nothing, failure) -> expire(failure));
            HttpClientContext context = HttpClientContext.create();
            context.setAttribute(SENDER, this);
            ClassicHttpResponse answer =
                    client.executeOpen(RoutingSupport.determineHost(get), get, context);
            headReceived = true;
            ExportResponse response = new ExportResponse(this, answer, window, mask);
            response.serverTime().ifPresent(date -> compare(sentAt, clock.instant(), date));
            if (answer.getCode() != 200) {
                try (response) {
                    throw ErrorAnswer.of(window, response, sentAt);
                }
            }
            return response;
        } catch (IOException | HttpException | IllegalStateException e) {
            // the last one: a request or client that another thread has closed
            requireInTime();
            throw failure(e);
        }
    }

    private ExportException failure(Exception e) {
        String found =
                "Window %s: no answer from %s: %s"
                        .formatted(window, get.getAuthority(), masked(text(e)));
        Exception cause = unlessSecret(e);
        if (e instanceof MessageConstraintException) {
            return new TransientExportException(
                    """
                    %s. An answer of Mixpanel has fewer and shorter headers. It will be queried \
                    again; check baseUrl and the proxy."""
                            .formatted(found),
                    cause);
        }
        if (left && e instanceof SocketTimeoutException) {
            return new TransientExportException(
                    """
                    Window %s: %s sent no byte of an answer for longer than responseTimeout. The same \
                    query may succeed later. Mixpanel may be silent for minutes before a large \
                    export; if this happens again, set responseTimeout higher, or choose %s."""
                            .formatted(window, get.getAuthority(), window.less()),
                    cause);
        }
        return left
                ? new TransientExportException(
                        found + ". The same query may succeed later; if not, check the network.",
                        cause)
                : new UnreachableException(
                        """
                        %s. Nothing was sent, so the query does not count. Check the network, baseUrl, \
                        the proxy and, for TLS, the trusted certificates."""
                                .formatted(found),
                        cause);
    }

    /** The kind of the exception and its message, if it has one. */
    private static String text(Exception e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }

    /** Text that came with the response, without secrets of the request. */
    public String masked(String text) {
        return mask.apply(text);
    }

    /** The exception as a cause; null when its text, or that of a cause, has a secret. */
    public <E extends Exception> E unlessSecret(E e) {
        return hasSecret(e) ? null : e;
    }

    /** Whether the text of the exception, or of one of its causes, has a secret of the request. */
    private boolean hasSecret(Throwable e) {
        return e != null
                && (!masked(String.valueOf(e.getMessage())).equals(String.valueOf(e.getMessage()))
                        || hasSecret(e.getCause()));
    }

    /** The last step before the query is written: the connection, or the tunnel, is open. */
    static ClassicHttpResponse sending(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ((ExportRequest) scope.clientContext.getAttribute(SENDER)).leaves();
        return chain.proceed(request, scope);
    }

    private void leaves() {
        if (get.isCancelled()) {
            throw new IllegalStateException("ended before it was sent");
        }
        sent.run(); // may throw, to hold the query back
        left = true;
    }

    private void expire(Throwable failure) {
        if (failure instanceof TimeoutException) {
            overdue = true;
            get.cancel();
        }
    }

    /**
     * @throws TransientExportException when the time for the response is over, so that this side
     *     has broken the connection
     */
    public void requireInTime() throws TransientExportException {
        if (overdue) {
            throw new TransientExportException(
                    "Window %s: the response of %s was not complete within windowTimeout=%s%s"
                            .formatted(
                                    window,
                                    get.getAuthority(),
                                    timeout,
                                    headReceived
                                            ? ". Set windowTimeout higher, or choose "
                                                    + window.less()
                                                    + "."
                                            : "; its head did not arrive. Look for a proxy that"
                                                    + " delays responses."),
                    null,
                    true);
        }
    }

    /**
     * The server set {@code Date} between the first and the last moment of the wait, so the query
     * began no earlier than the whole wait before it. A local clock that jumps back meanwhile makes
     * the wait look shorter, by ten minutes at most (responseTimeout); callers leave more margin
     * than that.
     */
    private void compare(Instant sentAt, Instant answeredAt, Instant date) {
        Duration wait = Duration.between(sentAt, answeredAt);
        serverStartedAt =
                date.minus(wait.isNegative() ? Duration.ZERO : wait).truncatedTo(ChronoUnit.MILLIS);
        serverAhead = Duration.between(sentAt, serverStartedAt);
    }

    /**
     * When the query began by the server's {@code Date}, never later than it really did; empty
     * before the head of a response has arrived, and when that has no {@code Date}.
     */
    public Optional<Instant> serverStartedAt() {
        return Optional.ofNullable(serverStartedAt);
    }

    /** By how much the server's clock is ahead of this machine's; negative when it is behind. */
    public Optional<Duration> serverAhead() {
        return Optional.ofNullable(serverAhead);
    }

    /**
     * Breaks the connection unless the response was read to its end: an orderly close would read
     * the rest first.
     */
    @Override
    public void close() {
        get.cancel();
        over.complete(null);
    }
}
