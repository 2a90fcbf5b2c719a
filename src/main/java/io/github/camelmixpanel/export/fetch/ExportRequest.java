package io.github.camelmixpanel.export.fetch;

import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.TransientExportException;
import io.github.camelmixpanel.export.model.UnreachableException;
import io.github.camelmixpanel.export.model.Window;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * One query. Sent at most once, by one thread; {@link #close()} may come from any thread at any
 * time and ends the query at once.
 */
public final class ExportRequest implements Closeable {

    private final HttpClient client;
    private final HttpGet get;
    private final Window window;

    ExportRequest(HttpClient client, HttpGet get, Window window) {
        this.client = client;
        this.get = get;
        this.window = window;
    }

    /**
     * Sends the query and returns when the head of a good answer is here.
     *
     * @param now for a {@code Retry-After} that is a date
     * @throws ExportException when the server cannot be reached or answers anything but 200
     */
    public ExportResponse send(Instant now) throws ExportException {
        try {
            ClassicHttpResponse answer =
                    client.executeOpen(RoutingSupport.determineHost(get), get, null);
            ExportResponse response = new ExportResponse(this, answer, window);
            if (answer.getCode() != 200) {
                try (response) {
                    throw Refusal.of(window, response, now);
                }
            }
            return response;
        } catch (IOException | HttpException | IllegalStateException e) {
            // IllegalState: the client's words for a request or pool that is closed meanwhile
            String found =
                    "Window "
                            + window
                            + ": no answer from "
                            + get.getAuthority()
                            + ": "
                            + Causes.text(e);
            if (Causes.isBeforeTheQuery(e)) {
                throw new UnreachableException(
                        found
                                + ". Nothing was sent, so no query is counted. Check the network, baseUrl,"
                                + " the proxy, and for TLS the certificates that are trusted.",
                        e);
            }
            throw new TransientExportException(found, e);
        }
    }

    /**
     * Breaks the connection where the answer is not read to its end: closing it politely would read
     * on.
     */
    @Override
    public void close() {
        get.cancel();
    }
}
