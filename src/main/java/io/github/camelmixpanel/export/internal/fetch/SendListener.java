package io.github.camelmixpanel.export.internal.fetch;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.Http1StreamListener;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Tells who waits for it that a query is on its way: there is a connection, and its head has been
 * handed to that. A proxy's CONNECT is no query.
 */
final class SendListener extends HttpRequestExecutor {

    private static final String SENT = "mixpanel-export.sent";

    private final Map<HttpConnection, Runnable> waiting;

    SendListener() {
        this(new ConcurrentHashMap<>());
    }

    @SuppressWarnings("deprecation") // the constructor that the client of Camel 4.8 has too
    private SendListener(Map<HttpConnection, Runnable> waiting) {
        super(DEFAULT_WAIT_FOR_CONTINUE, null, new Listener(waiting));
        this.waiting = waiting;
    }

    /** The context of one query. */
    static HttpContext context(Runnable sent) {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(SENT, sent);
        return context;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            HttpResponseInformationCallback informationCallback,
            HttpContext context)
            throws IOException, HttpException {
        if (request.getMethod().equals("GET")) {
            waiting.put(connection, (Runnable) context.getAttribute(SENT));
        }
        try {
            return super.execute(request, connection, informationCallback, context);
        } finally {
            waiting.remove(connection);
        }
    }

    private record Listener(Map<HttpConnection, Runnable> waiting) implements Http1StreamListener {

        @Override
        public void onRequestHead(HttpConnection connection, HttpRequest request) {
            Runnable sent = waiting.remove(connection);
            if (sent != null) {
                sent.run();
            }
        }

        @Override
        public void onResponseHead(HttpConnection connection, HttpResponse response) {}

        @Override
        public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {}
    }
}
