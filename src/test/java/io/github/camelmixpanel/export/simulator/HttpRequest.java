package io.github.camelmixpanel.export.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * The head of one request.
 *
 * @param method as sent
 * @param path without the query, as sent
 * @param parameters decoded; of a repeated one the last
 * @param headers by lower-case name; of a repeated one all values, with commas
 */
record HttpRequest(
        String method, String path, Map<String, String> parameters, Map<String, String> headers) {

    boolean keepAlive() {
        return !"close".equalsIgnoreCase(headers.get("connection"));
    }

    boolean acceptsGzip() {
        return Arrays.stream(headers.getOrDefault("accept-encoding", "").split(","))
                .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
                .anyMatch(
                        coding ->
                                coding.equals("gzip")
                                        || coding.startsWith("gzip;")
                                                && !coding.matches("gzip;q=0(\\.0*)?"));
    }
}
