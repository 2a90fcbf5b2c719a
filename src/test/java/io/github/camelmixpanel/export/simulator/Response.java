package io.github.camelmixpanel.export.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An answer ready to be sent.
 *
 * @param status the HTTP status
 * @param headers every header except those of framing, {@code Date} and {@code Connection}
 * @param framing how the end of the body is told
 * @param bodyBytes how many bytes the steps would send if nothing cut them
 * @param lines how many lines the inflated body has, blank ones included; 0 for a reply sent as it
 *     is
 * @param steps the body
 */
record Response(
        int status,
        Map<String, String> headers,
        Framing framing,
        long bodyBytes,
        int lines,
        List<Step> steps) {

    /** This reply with its length, neither compressed nor broken. */
    static Response of(Reply reply) {
        boolean framed =
                reply.headers().keySet().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(
                                name ->
                                        name.equals("content-length")
                                                || name.equals("transfer-encoding"));
        return new Response(
                reply.status(),
                headers(reply),
                framed ? Framing.AS_GIVEN : Framing.LENGTH,
                reply.body().length,
                0,
                Delivery.whole(List.of(reply.body())));
    }

    static Map<String, String> headers(Reply reply) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (reply.contentType() != null) {
            headers.put("Content-Type", reply.contentType());
        }
        headers.putAll(reply.headers());
        return headers;
    }
}
