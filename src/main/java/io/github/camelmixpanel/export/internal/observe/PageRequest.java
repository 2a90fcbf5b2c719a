package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.json.JsonObject;

/**
 * A request to the status page: what the server says about it, and of what the client sent only the
 * few headers that matter, each once. Platform HTTP makes headers of the query too, so that a
 * request with a query counts as one without headers.
 */
public final class PageRequest {

    /** The only ones that are looked at. */
    private static final Set<String> HEADERS =
            Set.of(
                    "content-length",
                    "content-type",
                    "origin",
                    "sec-fetch-site",
                    "x-mixpanel-export");

    /** Names that a browser resolves to this machine without asking anybody. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1\\]");

    static final String OWN_HEADER = "X-Mixpanel-Export";

    private final Message message;
    private final String authority;
    private final String uri;
    private final String method;

    /** What the page says of itself; read at once, as the answer goes into the same message. */
    private final String has;

    public PageRequest(Message message) {
        this.message = message;
        String url = message.getHeader(Exchange.HTTP_URL, "", String.class);
        this.authority =
                url.replaceFirst("^[a-z]+://", "")
                        .replaceFirst("[/?#].*", "")
                        .toLowerCase(Locale.ROOT);
        this.method = message.getHeader(Exchange.HTTP_METHOD, "", String.class);
        this.uri = message.getHeader(Exchange.HTTP_URI, "", String.class);
        this.has = header(OWN_HEADER);
    }

    /** Whether the page lets a header of a client in. */
    public static boolean reads(String header) {
        return HEADERS.contains(header.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether the request is for this machine, by a name that no other site can have: a browser
     * sends the name in its address line, to whatever address another site has it resolved.
     *
     * @param hosts further names, separated by commas
     */
    public boolean isForHost(String hosts) {
        String host = authority.replaceFirst(":\\d*$", "");
        return LOOPBACK.matcher(host).matches()
                || !host.isEmpty()
                        && Arrays.stream(hosts.split(","))
                                .anyMatch(name -> name.strip().equalsIgnoreCase(host));
    }

    public String method() {
        return method;
    }

    /** Without the query. */
    public String path() {
        return uri.replaceFirst("[?#].*", "");
    }

    /** The value of a header; null unless the client sent it exactly once, and no query. */
    String header(String name) {
        boolean hasQuery =
                uri.contains("?")
                        || message.getHeader(Exchange.HTTP_QUERY) != null
                        || message.getHeader(Exchange.HTTP_RAW_QUERY) != null;
        boolean isRepeated = message.getHeader(name) instanceof List;
        return hasQuery || isRepeated ? null : message.getHeader(name, String.class);
    }

    /**
     * The state of one export: to the page what it does not have yet, to anybody else all of it.
     */
    public JsonObject status(ExportSnapshot snapshot) {
        if (has == null || !has.startsWith("page")) {
            return SnapshotJson.of(snapshot);
        }
        String name = snapshot.export() + '=';
        List<String> known =
                Arrays.stream(has.split(" "))
                        .filter(it -> it.startsWith(name))
                        .flatMap(it -> Arrays.stream(it.substring(name.length()).split("\\.")))
                        .toList();
        return known.isEmpty()
                ? SnapshotJson.changes(snapshot, "", List.of())
                : SnapshotJson.changes(snapshot, known.get(0), known.subList(1, known.size()));
    }

    /** Whether a page of this server sent it, as far as the browser says. */
    boolean isFromHere() {
        String site = header("Sec-Fetch-Site");
        String origin = header("Origin");
        return (site == null || site.equals("same-origin"))
                && (origin == null
                        || origin.equals("http://" + authority)
                        || origin.equals("https://" + authority));
    }

    boolean isJson() {
        String type = header("Content-Type");
        return type != null
                && type.replaceFirst(";.*", "").strip().equalsIgnoreCase("application/json");
    }

    Message message() {
        return message;
    }
}
