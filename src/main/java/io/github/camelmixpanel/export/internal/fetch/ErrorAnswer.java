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
import io.github.camelmixpanel.export.internal.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Turns every response other than 200 into the exception that says what it means and what to check.
 * Which status and text Mixpanel sends when is partly documented, partly observed by others: some
 * errors are JSON, some plain text, rejected credentials may arrive as 400, and a 400 may be a
 * server's timeout.
 */
final class ErrorAnswer {

    /** Proxy Authentication Required: only a proxy sends it. */
    private static final int PROXY = 407;

    private static final int MAX_BYTES = 8192;
    private static final int MAX_TEXT = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorAnswer() {}

    static ExportException of(Window window, ExportResponse response, Instant now) {
        String text = text(response);
        int status = response.status();
        String found =
                "Window %s: %s %d%s"
                        .formatted(
                                window,
                                status == PROXY ? "the proxy answered" : "Mixpanel answered",
                                status,
                                text.isEmpty() ? "" : " \"" + text + '"');
        if (status == 429) {
            return new RateLimitedException(
                    found
                            + ": another client uses this project's quota, or queriesPerHour or"
                            + " queriesPerSecond is above it.",
                    retryAfter(response, now).orElse(null));
        }
        if (isCredentials(status, text)) {
            String check =
                    status == PROXY
                            ? "Check proxyAuthMethod, proxyAuthUsername and proxyAuthPassword"
                            : "Check the credentials, their expiry, projectId and region";
            return new CredentialsException(
                    "%s. %s; the next query follows in an hour, or when the route restarts."
                            .formatted(found, check),
                    status);
        }
        if (isTransient(status, text)) {
            return new TransientExportException(
                    found + ". The same query may succeed later.", null, isTimeout(status, text));
        }
        if (status < 400) {
            return new InvalidExportRequestException(
                    """
                    %s, a redirect%s, which is not followed because it would pass on the credentials. \
                    Check region and baseUrl."""
                            .formatted(
                                    found,
                                    response.header("Location")
                                            .map(to -> " to " + host(to))
                                            .orElse("")),
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

    private static Optional<Duration> retryAfter(ExportResponse response, Instant now) {
        return RetryAfter.of(
                response.header("Retry-After").orElse(null),
                response.header("RateLimit").orElse(null),
                response.serverTime().orElse(now));
    }

    private static boolean isCredentials(int status, String text) {
        return status == PROXY
                || status == 401
                || status == 403
                || status == 400 && text.contains("Unable to authenticate request");
    }

    private static boolean isTransient(int status, String text) {
        return status >= 500 || status < 300 || isTimeout(status, text);
    }

    /** Mixpanel took too long for the answer: that for fewer days takes less. */
    private static boolean isTimeout(int status, String text) {
        return status == 408 || status == 504 || status == 400 && text.contains("Timeout");
    }

    /** Only the host: the rest of a redirect may repeat secrets of the request. */
    private static String host(String location) {
        return location.replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*:)?//([^/?#]*@)?", "")
                .replaceFirst("[/?#].*$", "");
    }

    private static String text(ExportResponse response) {
        try (InputStream body = plain(response)) {
            String text = new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return Printable.of(
                    response.masked(message(text)).replaceAll("\\s+", " ").strip(), MAX_TEXT);
        } catch (IOException e) {
            return ""; // the status alone has to do
        }
    }

    private static InputStream plain(ExportResponse response) throws IOException {
        InputStream body = response.rawBody();
        return response.header("Content-Encoding").orElse("").contains("gzip")
                ? new GZIPInputStream(body)
                : body;
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
        return message;
    }
}
