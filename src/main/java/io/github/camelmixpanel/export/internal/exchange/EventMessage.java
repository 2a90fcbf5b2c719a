package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import java.util.Date;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultMessage;

/**
 * A message with one event, which reads its headers from the event on demand.
 *
 * <p>The header map is created when a route reads the map, changes it, or reads any other header:
 * creating it and looking headers up in it took a quarter of the time of a simple route, because
 * their names share a long prefix and are compared letter by letter. A copy is a plain message.
 * Used by one thread at a time, as every message.
 */
final class EventMessage extends DefaultMessage {

    /** In the order of Camel's map, so that a copy into one needs no comparison. */
    private static final Map<String, Object> NAMES = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** The value of a header that does not come from the event. */
    private static final Object UNKNOWN = new Object();

    static {
        for (String name :
                new String[] {
                    MixpanelExportConstants.EVENT_NAME,
                    MixpanelExportConstants.DISTINCT_ID,
                    MixpanelExportConstants.INSERT_ID,
                    MixpanelExportConstants.TIME,
                    MixpanelExportConstants.MESSAGE_TIMESTAMP,
                    MixpanelExportConstants.LINE,
                    MixpanelExportConstants.DEDUPE_KEY,
                    MixpanelExportConstants.DAY,
                    MixpanelExportConstants.FROM_DATE,
                    MixpanelExportConstants.TO_DATE,
                    MixpanelExportConstants.GENERATION
                }) {
            NAMES.put(name, name);
        }
    }

    /** Null once the map exists. */
    private EventBatch handout;

    /**
     * @param handout of one event
     */
    EventMessage(CamelContext context, EventBatch handout) {
        super(context);
        this.handout = handout;
        setBody(EventBody.of(handout, 0));
    }

    @Override
    public Object getHeader(String name) {
        Object value = withoutMap(name);
        return value == UNKNOWN ? super.getHeader(name) : value;
    }

    @Override
    public <T> T getHeader(String name, Class<T> type) {
        Object value = withoutMap(name);
        return type.isInstance(value) ? type.cast(value) : super.getHeader(name, type);
    }

    private Object withoutMap(String name) {
        return handout == null || hasPopulatedHeaders() ? UNKNOWN : ofEvent(name);
    }

    /** A pooled exchange is reused for another event. */
    @Override
    public void reset() {
        super.reset();
        handout = null;
    }

    @Override
    protected boolean isPopulateHeadersSupported() {
        return true;
    }

    @Override
    protected Map<String, Object> createHeaders() {
        if (handout == null) {
            return super.createHeaders();
        }
        Map<String, Object> headers =
                getCamelContext().getCamelContextExtension().getHeadersMapFactory().newMap(NAMES);
        for (Iterator<Map.Entry<String, Object>> i = headers.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<String, Object> header = i.next();
            Object value = ofEvent(header.getKey());
            if (value == null) {
                i.remove();
            } else {
                header.setValue(value);
            }
        }
        handout = null;
        return headers;
    }

    /** Null for what the event lacks. */
    private Object ofEvent(String name) {
        ExportEvent event = handout.events().get(0);
        return switch (name) {
            case MixpanelExportConstants.EVENT_NAME -> event.restoredName();
            case MixpanelExportConstants.DISTINCT_ID -> event.distinctId();
            case MixpanelExportConstants.INSERT_ID -> event.insertId();
            case MixpanelExportConstants.TIME ->
                    event.time() == null ? null : Date.from(event.time());
            case MixpanelExportConstants.MESSAGE_TIMESTAMP ->
                    event.time() == null ? null : event.time().toEpochMilli();
            case MixpanelExportConstants.LINE -> event.line();
            case MixpanelExportConstants.DEDUPE_KEY ->
                    handout.key(0) == null ? null : handout.key(0).hex();
            case MixpanelExportConstants.DAY -> handout.window().dayOf(event).toString();
            case MixpanelExportConstants.FROM_DATE -> handout.window().fromDate().toString();
            case MixpanelExportConstants.TO_DATE -> handout.window().toDate().toString();
            case MixpanelExportConstants.GENERATION -> handout.generation();
            case MixpanelExportConstants.WINDOW_COMPLETE -> null; // routes often test for it
            default -> UNKNOWN;
        };
    }
}
