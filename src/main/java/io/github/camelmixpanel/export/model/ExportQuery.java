package io.github.camelmixpanel.export.model;

import java.util.List;

/**
 * What is asked of Mixpanel for every window of an export: the API's {@code event}, {@code where},
 * {@code limit} and {@code time_in_ms}.
 *
 * @param events names of the events wanted; empty for all
 * @param where a Mixpanel expression, or null
 * @param limit at most so many events a window (1 to 100,000), or null for all
 * @param timeInMs whether {@code time} is asked for in milliseconds instead of seconds
 */
public record ExportQuery(List<String> events, String where, Integer limit, boolean timeInMs) {

    public ExportQuery {
        events = List.copyOf(events);
    }
}
