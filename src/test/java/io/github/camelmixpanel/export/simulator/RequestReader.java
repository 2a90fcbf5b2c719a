package io.github.camelmixpanel.export.simulator;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads HTTP/1.1 requests one after the other, each with its body, which is thrown away. Confined
 * to the connection's thread.
 */
final class RequestReader {

    private static final int LONGEST_HEAD = 256 * 1024;

    private final InputStream in;
    private int headBytes;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next request, or empty if the client has closed.
     *
     * @throws MalformedRequestException if the bytes are none
     */
    Optional<HttpRequest> next() throws IOException {
        headBytes = 0;
        String requestLine = line();
        if (requestLine == null) {
            return Optional.empty();
        }
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[2].equals("HTTP/1.1") || !words[1].startsWith("/")) {
            throw new MalformedRequestException(
                    "expected 'METHOD /path HTTP/1.1', found '" + requestLine + "'");
        }
        Map<String, String> headers = headers();
        if (!headers.containsKey("host")) {
            throw new MalformedRequestException("expected a Host header, found none");
        }
        skipBody(headers);
        String[] target = words[1].split("\\?", 2);
        String query = target.length == 2 ? target[1] : "";
        return Optional.of(new HttpRequest(words[0], target[0], parameters(query), headers));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); line == null || !line.isEmpty(); line = line()) {
            if (line == null) {
                throw new EOFException("the client closed within a request");
            }
            int colon = line.indexOf(':');
            if (colon < 1 || line.substring(0, colon).isBlank() || line.charAt(0) == ' ') {
                throw new MalformedRequestException("expected a header, found '" + line + "'");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim(),
                    (first, second) -> first + ", " + second);
        }
        return headers;
    }

    private void skipBody(Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new MalformedRequestException("expected no chunked request body");
        }
        try {
            in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
        } catch (NumberFormatException e) {
            throw new MalformedRequestException("expected a number in Content-Length");
        }
    }

    private static Map<String, String> parameters(String query) throws MalformedRequestException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return parameters;
    }

    private static String decoded(String text) throws MalformedRequestException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedRequestException("expected %XX, found '" + text + "'");
        }
    }

    /** A line without its CRLF, or null at the end of the stream. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the client closed within a request");
            }
            if (++headBytes > LONGEST_HEAD) {
                throw new MalformedRequestException("the head is longer than " + LONGEST_HEAD);
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new MalformedRequestException("expected CRLF after '" + text + "'");
        }
        return text.substring(0, text.length() - 1);
    }
}
