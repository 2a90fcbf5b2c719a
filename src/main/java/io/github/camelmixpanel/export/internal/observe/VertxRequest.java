package io.github.camelmixpanel.export.internal.observe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A paused request of Vert.x; the only class that needs Vert.x. */
final class VertxRequest {

    private static final int SECONDS = 5;

    private VertxRequest() {}

    /** Reads no more than one buffer above {@code most} bytes. */
    static String read(Object body, int most) throws IOException {
        HttpServerRequest request = (HttpServerRequest) body;
        CompletableFuture<String> whole = new CompletableFuture<>();
        Buffer read = Buffer.buffer();
        request.handler(
                part -> {
                    if (read.length() > most) {
                        whole.complete(read.toString(StandardCharsets.UTF_8));
                    } else {
                        read.appendBuffer(part);
                    }
                });
        request.endHandler(end -> whole.complete(read.toString(StandardCharsets.UTF_8)));
        request.exceptionHandler(whole::completeExceptionally);
        request.resume();
        try {
            return whole.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new UnreadException(408, "The request did not come within " + SECONDS + " s.");
        } catch (ExecutionException e) {
            throw new UnreadException(400, "The request was not whole.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreadException(503, "The server stops.");
        }
    }

    static void discard(Object body) {
        HttpServerRequest request = (HttpServerRequest) body;
        if (!request.isEnded()) {
            request.handler(null);
            request.resume();
        }
    }
}
