package io.github.camelmixpanel.export.observe;

import io.github.camelmixpanel.export.internal.observe.ObservedExports;
import io.github.camelmixpanel.export.internal.observe.PageRequest;
import io.github.camelmixpanel.export.internal.observe.RequestBody;
import io.github.camelmixpanel.export.internal.observe.StatusPageActions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * A page that shows every Mixpanel export of the CamelContext, for a route from {@code
 * platform-http} with {@code matchOnUriPrefix=true}: see {@code routes/export-with-page.yaml}.
 *
 * <p>It loads nothing from other sites, and answers only at names of this machine and those it is
 * given, so that no other site can have it answer at its own. Who reaches the port sees it: access
 * control is up to the HTTP server.
 *
 * <p>As the {@code headerFilterStrategy} of the endpoint it also keeps every header of a request
 * but those it looks at out of the message, and lets all headers of its answers through, where the
 * default drops {@code Cache-Control}. Thread-safe.
 */
public class MixpanelExportStatusPage implements HeaderFilterStrategy {

    private static final Map<String, String> FILES =
            Map.of(
                    "index.html", "text/html; charset=utf-8",
                    "status.css", "text/css; charset=utf-8",
                    "status.js", "text/javascript; charset=utf-8");

    /** Of an answer. */
    private static final Set<String> OWN_HEADERS =
            Set.of(
                    "cache-control",
                    "content-security-policy",
                    "cross-origin-resource-policy",
                    "location",
                    "referrer-policy",
                    "x-content-type-options");

    /** No part of the page may come from another site, and no other page may frame it. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** As {@link #serve(Exchange, boolean, String)}, at names of this machine alone. */
    public void serve(Exchange exchange, boolean actions) throws IOException {
        serve(exchange, actions, "");
    }

    /**
     * Answers one request: the page and its parts, the state of the exports as {@code status.json},
     * and the page's buttons.
     *
     * @param actions whether the page has buttons that change what an export does
     * @param hosts at which names it answers, separated by commas, besides {@code localhost} and
     *     loopback addresses
     */
    public void serve(Exchange exchange, boolean actions, String hosts) throws IOException {
        Object body = exchange.getMessage().getBody();
        try {
            answer(exchange, actions, hosts);
        } finally {
            RequestBody.discard(body);
        }
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        // such as Transfer-Encoding, which is up to the server
        return !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !PageRequest.reads(name);
    }

    private static void answer(Exchange exchange, boolean actions, String hosts)
            throws IOException {
        Message message = exchange.getMessage();
        PageRequest request = new PageRequest(message);
        if (!request.isForHost(hosts)) {
            begin(message);
            answer(message, 403, "text/plain", "The page does not answer at this host name.");
            return;
        }
        String path = request.path();
        String file = path.substring(path.lastIndexOf('/') + 1);
        if (request.method().equals("POST")) {
            StatusPageActions.Answer answer =
                    actions && file.equals("actions")
                            ? StatusPageActions.act(exchange, request)
                            : new StatusPageActions.Answer(403, "This page can only be read.");
            begin(message);
            answer(message, answer.code(), "text/plain; charset=utf-8", answer.text());
            return;
        }
        begin(message);
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            answer(message, 405, "text/plain", "Not allowed.");
        } else if (file.equals("status.json")) {
            answer(message, 200, "application/json", status(exchange, actions, request).toJson());
        } else if (file.isEmpty()) {
            answer(message, 200, FILES.get("index.html"), content("index.html"));
        } else if (FILES.containsKey(file)) {
            answer(message, 200, FILES.get(file), content(file));
        } else if (path.equals(mounted(exchange))) {
            // the page's own links hang below it
            message.setHeader("Location", path + "/");
            answer(message, 302, "text/plain", "");
        } else {
            answer(message, 404, "text/plain", "Not found.");
        }
    }

    /** The path of the route that answers, as in {@code platform-http:/tools/exports}. */
    private static String mounted(Exchange exchange) {
        String uri = exchange.getFromEndpoint().getEndpointBaseUri();
        return uri.replaceFirst("^[^:]*:/*", "/").replaceFirst("/$", "");
    }

    private static void begin(Message message) {
        message.removeHeaders("*");
        message.setHeader("Content-Security-Policy", POLICY);
        message.setHeader("X-Content-Type-Options", "nosniff");
        message.setHeader("Referrer-Policy", "no-referrer");
        message.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        message.setHeader("Cache-Control", "no-store");
    }

    private static JsonObject status(Exchange exchange, boolean actions, PageRequest request) {
        JsonArray exports = new JsonArray();
        ObservedExports.of(exchange.getContext())
                .snapshots()
                .forEach(snapshot -> exports.add(request.status(snapshot)));
        JsonObject json = new JsonObject();
        json.put("exports", exports);
        JsonArray operations = new JsonArray();
        if (actions) {
            StatusPageActions.OPERATIONS.forEach(it -> operations.add(it.name()));
        }
        json.put("operations", operations);
        return json;
    }

    private static String content(String file) throws IOException {
        try (InputStream in =
                MixpanelExportStatusPage.class.getResourceAsStream("status/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void answer(Message message, int code, String type, String body) {
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, code);
        message.setHeader(Exchange.CONTENT_TYPE, type);
        message.setBody(body);
    }
}
