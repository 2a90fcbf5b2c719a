package io.github.camelmixpanel.export.internal.fetch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/** Builds the query string of an export; encodes every value so that none adds a parameter. */
final class QueryParameters {

    private QueryParameters() {}

    static String of(Window window, ExportQuery query, String projectId) {
        StringJoiner parameters = new StringJoiner("&");
        add(parameters, "from_date", window.fromDate().toString());
        add(parameters, "to_date", window.toDate().toString());
        add(parameters, "project_id", projectId);
        if (!query.namesToAskFor().isEmpty()) {
            ArrayNode names = JsonNodeFactory.instance.arrayNode();
            query.namesToAskFor().forEach(names::add);
            add(parameters, "event", names.toString());
        }
        String where = where(window.arrivals(), query.where());
        if (where != null) {
            add(parameters, "where", where);
        }
        if (query.limit() != null) {
            add(parameters, "limit", query.limit().toString());
        }
        if (query.timeInMs()) {
            add(parameters, "time_in_ms", "true");
        }
        return parameters.toString();
    }

    /**
     * Puts the user's expression in parentheses: it may contain an {@code or}, which binds less.
     * Compares the property without a cast, as embulk-input-mixpanel does on this API (observed);
     * Mixpanel's own example casts it with {@code number()} (documented), which does not change a
     * number.
     */
    private static String where(Arrivals arrivals, String expression) {
        if (arrivals == null) {
            return expression;
        }
        String processed =
                "%1$s >= %2$d and %1$s < %3$d"
                        .formatted(
                                "properties[\"mp_processing_time_ms\"]",
                                arrivals.from().toEpochMilli(),
                                arrivals.to().toEpochMilli());
        return expression == null ? processed : "(" + expression + ") and " + processed;
    }

    private static void add(StringJoiner parameters, String name, String value) {
        parameters.add(
                name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }
}
