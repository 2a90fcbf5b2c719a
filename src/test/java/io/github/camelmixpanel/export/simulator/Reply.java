package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the service says to a query, before anything is compressed, framed or broken. Immutable,
 * except that the body is not copied.
 *
 * @param status the HTTP status
 * @param contentType the content type, or null for none
 * @param headers further headers
 * @param body the whole body
 */
record Reply(int status, String contentType, Map<String, String> headers, byte[] body) {

    Reply {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    static Reply events(byte[] body) {
        return new Reply(200, "text/plain", Map.of(), body);
    }

    static Reply text(int status, String text) {
        return new Reply(status, "text/plain", Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** The form of Mixpanel's shared error responses (documented). */
    static Reply error(int status, String message) {
        return error(status, message, Map.of());
    }

    static Reply error(int status, String message, Map<String, String> headers) {
        String json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("error", message)
                        .put("status", "error")
                        .toString();
        return new Reply(
                status, "application/json", headers, json.getBytes(StandardCharsets.UTF_8));
    }
}
