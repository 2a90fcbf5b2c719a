package io.github.camelmixpanel.export.internal.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.DayNotBegunException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.InvalidExportRequestException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPInputStream;

/**
 * What an answer other than 200 means. Which status and text Mixpanel sends when is partly
 * documented, partly observed by others: some errors are JSON, some plain text, refused credentials
 * may come as 400, and a 400 may be a server's timeout.
 */
final class ErrorAnswer {

    /** Proxy Authentication Required: no other server says so. */
    private static final int PROXY = 407;

    private static final int MAX_BYTES = 8192;
    private static final int MAX_TEXT = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorAnswer() {}

    static ExportException of(Window window, ExportResponse response, Instant now) {
        String text = text(response);
        int status = response.status();
        String found =
                "Window "
                        + window
                        + (status == PROXY ? ": the proxy answered " : ": Mixpanel answered ")
                        + status
                        + (text.isEmpty() ? "" : " \"" + text + '"');
        if (status == 429) {
            return new RateLimitedException(
                    found
                            + ": somebody else uses this project's quota too, or queriesPerHour or queriesPerSecond is above it.",
                    RetryAfter.of(response, now).orElse(null));
        }
        if (status == PROXY) {
            return new CredentialsException(
                    found
                            + ". Check proxyAuthMethod, proxyAuthUsername and proxyAuthPassword; asked again in an"
                            + " hour, or when the route is restarted.",
                    status);
        }
        if (status == 401
                || status == 403
                || status == 400 && text.contains("Unable to authenticate request")) {
            return new CredentialsException(
                    found
                            + ". Check the credentials, their expiry, projectId and region; asked again in an hour, or"
                            + " when the route is restarted.",
                    status);
        }
        if (status == 408
                || status >= 500
                || status < 300
                || status == 400 && text.contains("Timeout")) {
            return new TransientExportException(found + ". The same query may succeed later.");
        }
        if (status < 400) {
            return new InvalidExportRequestException(
                    found
                            + ", a redirect"
                            + response.header("Location").map(to -> " to " + host(to)).orElse("")
                            + ", which is not followed since the credentials would go with it. Check region and"
                            + " baseUrl.",
                    status);
        }
        if (status == 400 && text.contains("to_date cannot be later than today")) {
            return new DayNotBegunException(
                    found + ". In the project's time zone that day has not begun: check timeZone.");
        }
        return new InvalidExportRequestException(
                found + ". Check events, where, limit, projectId and the plan of the project.",
                status);
    }

    /** The host alone: the rest of a redirect may repeat what should stay in the request. */
    private static String host(String location) {
        return location.replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*:)?//([^/?#]*@)?", "")
                .replaceFirst("[/?#].*$", "");
    }

    private static String text(ExportResponse response) {
        try (InputStream body = plain(response)) {
            String text = new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return message(text).replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?").strip();
        } catch (IOException e) {
            return ""; // the status alone has to tell
        }
    }

    private static InputStream plain(ExportResponse response) throws IOException {
        InputStream body = response.rawBody();
        boolean gzip =
                response.header("Content-Encoding").filter(e -> e.contains("gzip")).isPresent();
        return gzip ? new GZIPInputStream(body) : body;
    }

    private static String message(String text) {
        String message = text;
        try {
            JsonNode json = JSON.readTree(text);
            for (String field : new String[] {"message", "error"}) {
                if (json.path(field).isTextual()) {
                    message = json.path(field).textValue();
                }
            }
        } catch (IOException e) {
            // plain text
        }
        return message.length() <= MAX_TEXT ? message : message.substring(0, MAX_TEXT) + "…";
    }
}
