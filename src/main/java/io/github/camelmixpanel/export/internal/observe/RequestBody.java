package io.github.camelmixpanel.export.internal.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.apache.camel.Message;

/**
 * Reads the body of a request as far as a few thousand characters, a few at a time: neither long
 * nor unfinished bodies take memory or threads from anything else. Thread-safe.
 */
public final class RequestBody {

    static final int MOST = 4096;

    private static final Semaphore READERS = new Semaphore(4);

    private RequestBody() {}

    static String read(Message message) throws IOException {
        if (!READERS.tryAcquire()) {
            throw new UnreadException(503, "Other requests are being read. Try again.");
        }
        try {
            Object body = message.getBody();
            String text = isVertx(body) ? VertxRequest.read(body, MOST) : blocking(message, body);
            if (text.length() > MOST) {
                throw new UnreadException(413, "Longer than any request of the page.");
            }
            return text;
        } finally {
            READERS.release();
        }
    }

    /** Whatever is left of the body is read by nobody. */
    public static void discard(Object body) {
        if (isVertx(body)) {
            VertxRequest.discard(body);
        }
    }

    private static String blocking(Message message, Object body) throws IOException {
        if (body instanceof Reader reader) {
            char[] text = new char[MOST + 1];
            int length = 0;
            for (int n = 0; n >= 0 && length < text.length; length += Math.max(n, 0)) {
                n = reader.read(text, length, text.length - length);
            }
            return new String(Arrays.copyOf(text, length));
        }
        InputStream in = message.getBody(InputStream.class);
        return in == null ? "" : new String(in.readNBytes(MOST + 1), StandardCharsets.UTF_8);
    }

    /** With the option {@code useBodyHandler=false}, where Vert.x is the server. */
    private static boolean isVertx(Object body) {
        try {
            // the loader of this class is the one that links VertxRequest
            return Class.forName(
                            "io.vertx.core.http.HttpServerRequest",
                            false,
                            RequestBody.class.getClassLoader())
                    .isInstance(body);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
