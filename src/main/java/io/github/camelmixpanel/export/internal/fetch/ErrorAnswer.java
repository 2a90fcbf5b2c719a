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
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern OUT_OF_TIME =
            Pattern.compile("time-?\\s?out|timed\\s?out", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST =
            Pattern.compile("^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//(?:[^/?#]*@)?([^/?#]+)");
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
            return new CredentialsException(
                    "%s. %s; the next query follows in an hour, or when the route restarts."
                            .formatted(found, credentialsAdvice(status)),
                    status);
        }
        if (status >= 500 || status < 300 || isOutOfTime(status, text)) {
            return new TransientExportException(
                    found
                            + (isOutOfTime(status, text)
                                    ? ": it took too long. The same query is sent again soon. If"
                                            + " this happens again, choose "
                                            + window.less()
                                            + "."
                                    : ". The same query may succeed later."),
                    null,
                    isOutOfTime(status, text));
        }
        if (status < 400) {
            return new InvalidExportRequestException(found + redirect(response), status);
        }
        if (status == 400 && text.contains("to_date cannot be later than today")) {
            return new DayNotBegunException(
                    found + ". In the project's time zone that day has not begun: check timeZone.");
        }
        return new InvalidExportRequestException(
                found + ". " + requestAdvice(status, window), status);
    }

    private static String credentialsAdvice(int status) {
        return switch (status) {
            case PROXY -> "Check proxyAuthMethod, proxyAuthUsername and proxyAuthPassword";
            case 403 ->
                    "Check that the credentials have a role in the project that may export, and"
                            + " projectId and region";
            default -> "Check the credentials, their expiry, projectId and region";
        };
    }

    private static String requestAdvice(int status, Window window) {
        return switch (status) {
            case 402 ->
                    "Mixpanel wants a payment or another plan for this project: ask the owner of the"
                            + " organization.";
            case 404 -> "Mixpanel has no export there: check region, baseUrl and projectId.";
            case 413 -> "The export is too large for one query: choose " + window.less() + ".";
            case 414, 431 -> "The query is too long: name fewer events, or a shorter where.";
            default -> "Check events, where, limit, projectId and the plan of the project.";
        };
    }

    private static String redirect(ExportResponse response) {
        String to = response.header("Location").orElse("");
        String host = host(to);
        if (to.isEmpty() || !host.isEmpty()) {
            return """
            , a redirect%s, which is not followed because it would pass on the credentials. Check \
            region and baseUrl."""
                    .formatted(host.isEmpty() ? "" : " to " + host);
        }
        return """
        , a redirect to %s on the same host, which is not followed: Mixpanel sends none. Check \
        baseUrl, and look for a proxy or a login page in between."""
                .formatted(Printable.name(to.replaceFirst("[?#].*$", "")));
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

    /**
     * Mixpanel took too long for the answer: that for fewer days takes less. With 400 it says so
     * only in its text (observed: {@code Timeout Error.}).
     */
    private static boolean isOutOfTime(int status, String text) {
        return status == 408 || status == 504 || status == 400 && OUT_OF_TIME.matcher(text).find();
    }

    /** Only the host: the rest of a redirect may repeat secrets. Empty when it has no host. */
    private static String host(String location) {
        Matcher url = HOST.matcher(location);
        return url.find() ? url.group(1) : "";
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

    /** Inflated where it is gzip, whatever its head says of it. */
    private static InputStream plain(ExportResponse response) throws IOException {
        InputStream body = new BufferedInputStream(response.rawBody());
        body.mark(2);
        boolean gzip = body.read() == 0x1f && body.read() == 0x8b;
        body.reset();
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
        return message;
    }
}
