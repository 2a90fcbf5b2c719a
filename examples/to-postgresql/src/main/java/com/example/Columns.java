package com.example;

import io.github.camelmixpanel.export.MixpanelEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A batch of events as one array per column, for the unnest of upsert.sql. */
public final class Columns {

    /** The escape of U+0000, unless its backslash is itself escaped. */
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    public String[] keys(List<MixpanelEvent> batch) {
        return column(batch, MixpanelEvent::getDedupeKey);
    }

    public String[] names(List<MixpanelEvent> batch) {
        return column(batch, event -> text(event.getEvent()));
    }

    public String[] users(List<MixpanelEvent> batch) {
        return column(batch, event -> text(event.getDistinctId()));
    }

    public String[] times(List<MixpanelEvent> batch) {
        return column(batch, event -> event.getTime() == null ? null : event.getTime().toString());
    }

    public String[] bodies(List<MixpanelEvent> batch) {
        return column(batch, Columns::json);
    }

    private static String[] column(
            List<MixpanelEvent> batch, Function<MixpanelEvent, String> value) {
        return batch.stream().map(value).toArray(String[]::new);
    }

    /** PostgreSQL has no U+0000 in texts. */
    private static String text(String text) {
        return text == null ? null : text.replace('\0', '\ufffd');
    }

    /** As Mixpanel sent it, but for characters that jsonb refuses, which few events have. */
    private static String json(MixpanelEvent event) {
        String json = event.toString();
        if (json.chars().anyMatch(c -> c < ' ')) {
            try {
                json = event.toTree().toString(); // with control characters escaped
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return json.contains("\\u0000") ? NUL.matcher(json).replaceAll("$1\\\\ufffd") : json;
    }
}
