package io.github.camelmixpanel.export.internal.fetch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The query string of an export, every value encoded so that none can become another parameter. */
final class QueryParameters {

    private QueryParameters() {}

    static String of(Window window, ExportQuery query, String projectId) {
        StringJoiner parameters = new StringJoiner("&");
        add(parameters, "from_date", window.fromDate().toString());
        add(parameters, "to_date", window.toDate().toString());
        if (projectId != null) {
            add(parameters, "project_id", projectId);
        }
        if (!query.namesToAskFor().isEmpty()) {
            add(parameters, "event", jsonArray(query.namesToAskFor()));
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
     * The user's expression in parentheses: it may hold an {@code or}, which binds less. The
     * property is compared as it is, as embulk-input-mixpanel does on this API (observed);
     * Mixpanel's own example there casts it with {@code number()} (documented), which leaves a
     * number alone.
     */
    private static String where(Arrivals arrivals, String asked) {
        if (arrivals == null) {
            return asked;
        }
        String property = "properties[\"mp_processing_time_ms\"]";
        String processed =
                property
                        + " >= "
                        + arrivals.from().toEpochMilli()
                        + " and "
                        + property
                        + " < "
                        + arrivals.to().toEpochMilli();
        return asked == null ? processed : "(" + asked + ") and " + processed;
    }

    private static void add(StringJoiner parameters, String name, String value) {
        parameters.add(
                name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private static String jsonArray(List<String> values) {
        return values.stream()
                .map(
                        value ->
                                '"'
                                        + new String(
                                                JsonStringEncoder.getInstance()
                                                        .quoteAsString(value))
                                        + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }
}
