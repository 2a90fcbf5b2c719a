package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.util.Arrays;

/**
 * Decides for every line whether it is an event, by reading its JSON from end to end, and extracts
 * the fields that become headers.
 *
 * <p>An event is one JSON object, followed by nothing, that has {@code event} and an object {@code
 * properties}. It extracts only {@code event} and, directly in {@code properties}, {@code time},
 * {@code distinct_id}, {@code $insert_id}, {@code mp_original_event_name} and {@code
 * mp_processing_time_ms}. Of a name that occurs twice the last one counts, as for parsers of the
 * whole line. A number or boolean counts as its text; null, arrays and objects count as missing.
 *
 * <p>Bytes that are not UTF-8 occur in exports (observed) and do not make an event bad: they are
 * read as U+FFFD. A byte order mark before the first line belongs to the body, not to the event.
 *
 * <p>Jackson's parser ({@link JacksonEventParser}) defines what a JSON object is; it reads the few
 * lines that {@link FastEventParser} rejects. Thread-safe.
 */
public final class EventScanner {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final EventTime eventTime;
    private final ExportQuery query;
    private final JacksonEventParser jackson;

    /**
     * @param eventTime reads the {@code time} of this export
     * @param query that the lines answer
     */
    public EventScanner(EventTime eventTime, ExportQuery query) {
        this.eventTime = eventTime;
        this.jackson = new JacksonEventParser(eventTime);
        this.query = query;
    }

    /** Whether the query asks for this event; false only for some events from hot shards. */
    public boolean wants(ExportEvent event) {
        return query.wants(event);
    }

    /**
     * @param line 1-based number of the line in its download
     * @param bytes the line without its line end; the event keeps this array
     * @throws NotAnEvent when the line is not an event, with the reason
     */
    public ExportEvent scan(long line, byte[] bytes) throws NotAnEvent {
        return scan(line, bytes, new FastEventParser(), BodyOffsets.NONE);
    }

    /**
     * The same.
     *
     * @param fastParser of the calling thread
     * @param found receives the offsets of its fields
     */
    public ExportEvent scan(long line, byte[] bytes, FastEventParser fastParser, BodyOffsets found)
            throws NotAnEvent {
        byte[] json = json(line, bytes);
        FieldOffsets offsets = fastParser.find(json);
        EventFields fields = offsets == null ? null : offsets.read(json, eventTime);
        if (fields == null) {
            return event(line, json, jackson.read(json));
        }
        found.add(line, offsets);
        return event(line, json, fields);
    }

    /**
     * Returns an event that was scanned before.
     *
     * @param known the offsets found then
     */
    public ExportEvent take(long line, byte[] bytes, FieldOffsets known) {
        byte[] json = json(line, bytes);
        return event(line, json, known.read(json, eventTime));
    }

    private ExportEvent event(long line, byte[] json, EventFields fields) {
        boolean restored = query.restoreHotShards() && ExportQuery.HOT_SHARD.equals(fields.name());
        return new ExportEvent(
                line,
                json,
                fields.name(),
                restored ? fields.originalName() : null,
                fields.distinctId(),
                fields.insertId(),
                fields.time(),
                fields.processed());
    }

    /** The order of the checks keeps the compiled code valid when the next body begins. */
    private static byte[] json(long line, byte[] bytes) {
        return startsWithByteOrderMark(bytes) && line == 1
                ? Arrays.copyOfRange(bytes, BYTE_ORDER_MARK.length, bytes.length)
                : bytes;
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        int length = BYTE_ORDER_MARK.length;
        return bytes.length >= length
                && bytes[0] == BYTE_ORDER_MARK[0]
                && Arrays.equals(bytes, 0, length, BYTE_ORDER_MARK, 0, length);
    }
}
