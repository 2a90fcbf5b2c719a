package io.github.camelmixpanel.export.internal.fetch;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.text.Mask;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * Gives the body of a response as the server sent it, compressed or not. {@link #close()} cuts off
 * the rest of the body and never drains it. For one thread.
 */
public final class ExportResponse implements Closeable {

    private final Closeable request;
    private final ClassicHttpResponse answer;
    private final Window window;
    private final Mask mask;

    /**
     * @param request breaks the connection when closed
     */
    ExportResponse(Closeable request, ClassicHttpResponse answer, Window window, Mask mask) {
        this.request = request;
        this.answer = answer;
        this.window = window;
        this.mask = mask;
    }

    int status() {
        return answer.getCode();
    }

    String masked(String text) {
        return mask.apply(text);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(answer.getFirstHeader(name))
                .map(Header::getValue)
                .map(mask::apply);
    }

    /** The server's clock when it responded, from the {@code Date} header, in whole seconds. */
    Optional<Instant> serverTime() {
        return header("Date").map(DateUtils::parseStandardDate);
    }

    /**
     * Whether the body is compressed. Mixpanel does not compress bodies up to 1,400 bytes, even on
     * request (documented).
     *
     * @throws ExportException when the encoding is neither gzip nor identity
     */
    public boolean gzip() throws ExportException {
        String encoding = header("Content-Encoding").orElse("identity").trim();
        return switch (encoding.toLowerCase(Locale.ROOT)) { // names ignore case (RFC 9110)
            case "gzip", "x-gzip" -> true;
            case "identity", "" -> false;
            default ->
                    throw new IncompleteExportException(
                            """
                            Window %s: expected Content-Encoding gzip or identity, found %s. Look for \
                            a proxy that re-encodes responses."""
                                    .formatted(window, encoding));
        };
    }

    /**
     * The bytes of the body; it reports its end only when the transport proves it, else it throws
     * {@link CutBodyException}.
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
                    """
                    Window %s: the response is not compressed and has neither Content-Length nor \
                    chunks, so its end cannot be verified. Look for a proxy that strips \
                    Accept-Encoding."""
                            .formatted(window));
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
        try {
            request.close();
            answer.close();
        } catch (IOException e) {
            // the request has just broken the connection; there is nothing left to close
        }
    }
}
