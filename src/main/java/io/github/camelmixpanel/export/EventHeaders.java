package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.model.ExportEvent;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.pipeline.Handout;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Message;

/**
 * The headers of a message with one event.
 *
 * <p>Their names all begin alike, and Camel's map of headers compares them letter by letter:
 * putting one after the other into it took as long as finding the values. So they are kept in a map
 * of the same order, whose copy needs no comparison. Used by one thread.
 */
final class EventHeaders {

    private final TreeMap<String, Object> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map.Entry<String, Object> name = entry(MixpanelExportConstants.EVENT_NAME);
    private final Map.Entry<String, Object> distinctId = entry(MixpanelExportConstants.DISTINCT_ID);
    private final Map.Entry<String, Object> insertId = entry(MixpanelExportConstants.INSERT_ID);
    private final Map.Entry<String, Object> time = entry(MixpanelExportConstants.TIME);
    private final Map.Entry<String, Object> timestamp =
            entry(MixpanelExportConstants.MESSAGE_TIMESTAMP);
    private final Map.Entry<String, Object> line = entry(MixpanelExportConstants.LINE);
    private final Map.Entry<String, Object> dedupeKey = entry(MixpanelExportConstants.DEDUPE_KEY);
    private final Map.Entry<String, Object> fromDate = entry(MixpanelExportConstants.FROM_DATE);
    private final Map.Entry<String, Object> toDate = entry(MixpanelExportConstants.TO_DATE);
    private final Map.Entry<String, Object> generation = entry(MixpanelExportConstants.GENERATION);
    private Window window;

    /** The one in the map, through which its value is set. */
    private Map.Entry<String, Object> entry(String header) {
        all.put(header, "");
        return all.tailMap(header).entrySet().iterator().next();
    }

    /** Gives a new message its headers; what the event does not have is no header. */
    void fill(Message message, Handout handout, String key) {
        ExportEvent event = handout.events().get(0);
        if (handout.window() != window) {
            window = handout.window();
            fromDate.setValue(window.fromDate().toString());
            toDate.setValue(window.toDate().toString());
        }
        generation.setValue(handout.generation());
        line.setValue(event.line());
        name.setValue(event.restoredName());
        distinctId.setValue(event.distinctId());
        insertId.setValue(event.insertId());
        dedupeKey.setValue(key);
        Long millis = event.time() == null ? null : event.time().toEpochMilli();
        time.setValue(millis == null ? null : new Date(millis));
        timestamp.setValue(millis);
        message.setHeaders(all); // copied: it is no map of Camel's
        for (Map.Entry<String, Object> header : all.entrySet()) {
            if (header.getValue() == null) {
                message.removeHeader(header.getKey());
            }
        }
    }
}
