package io.github.camelmixpanel.export.internal.fetch;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * An answer whose body is as the server sent it, compressed or not. Used by one thread. A body that
 * was not read to its end is cut off by {@link #close()}, never drained.
 */
public final class ExportResponse implements Closeable {

    private final ExportRequest request;
    private final ClassicHttpResponse answer;
    private final Window window;

    ExportResponse(ExportRequest request, ClassicHttpResponse answer, Window window) {
        this.request = request;
        this.answer = answer;
        this.window = window;
    }

    int status() {
        return answer.getCode();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(answer.getFirstHeader(name)).map(Header::getValue);
    }

    /** The server's clock when it answered, from the {@code Date} header, in whole seconds. */
    Optional<Instant> serverTime() {
        return header("Date").map(DateUtils::parseStandardDate);
    }

    /**
     * Whether the body is compressed. Mixpanel sends bodies up to 1,400 bytes as they are even when
     * gzip was asked for (documented).
     */
    public boolean gzip() throws ExportException {
        String encoding = header("Content-Encoding").orElse("identity").trim();
        return switch (encoding) {
            case "gzip", "x-gzip" -> true;
            case "identity", "" -> false;
            default ->
                    throw new IncompleteExportException(
                            "Window "
                                    + window
                                    + ": expected a body in gzip or as it is, found Content-Encoding "
                                    + encoding
                                    + ". Look for a proxy that re-encodes answers.");
        };
    }

    /**
     * The bytes of the body; its end is only reported where the transport proves it, else {@link
     * CutBodyException}.
     *
     * @throws ExportException when neither compression, chunks nor a length would show that the
     *     body was cut
     */
    public InputStream body() throws ExportException, IOException {
        HttpEntity entity = answer.getEntity();
        if (entity == null) {
            return InputStream.nullInputStream();
        }
        if (!gzip() && !entity.isChunked() && entity.getContentLength() < 0) {
            throw new IncompleteExportException(
                    "Window "
                            + window
                            + ": the answer is not compressed and has neither Content-Length nor chunks,"
                            + " so its end cannot be proven. Look for a proxy that strips Accept-Encoding.");
        }
        return new FramedInputStream(entity.getContent());
    }

    InputStream rawBody() throws IOException {
        return answer.getEntity() == null
                ? InputStream.nullInputStream()
                : answer.getEntity().getContent();
    }

    @Override
    public void close() {
        request.close();
        try {
            answer.close();
        } catch (IOException e) {
            // the connection was just broken on purpose; there is nothing left to close
        }
    }
}
