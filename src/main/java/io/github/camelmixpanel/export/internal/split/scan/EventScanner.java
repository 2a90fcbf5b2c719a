package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.util.Arrays;

/**
 * Tells for every line whether it is an event, by reading its JSON from end to end, and takes from
 * it what becomes a header.
 *
 * <p>An event is one JSON object, with nothing after it, that has {@code event} and an object
 * {@code properties}. Only {@code event}, and directly in {@code properties} {@code time}, {@code
 * distinct_id}, {@code $insert_id}, {@code mp_original_event_name} and {@code
 * mp_processing_time_ms}, are taken; of a name that occurs twice, the last counts, as it does where
 * the whole line is parsed. A number or boolean is taken as its text; null, arrays and objects as
 * if they were missing.
 *
 * <p>Bytes that are no UTF-8 occur in exports (observed) and do not make an event bad: they are
 * read as U+FFFD. A byte order mark before the first line belongs to the body and not to the event.
 *
 * <p>What is a JSON object, Jackson's parser decides ({@link JacksonEventParser}); it is asked
 * about the few lines of which {@link FastEventParser} is not sure. Thread-safe.
 */
public final class EventScanner {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final EventTime eventTime;
    private final ExportQuery query;
    private final JacksonEventParser full;

    /**
     * @param eventTime how this export's {@code time} is to be read
     * @param query what the lines are an answer to
     */
    public EventScanner(EventTime eventTime, ExportQuery query) {
        this.eventTime = eventTime;
        this.full = new JacksonEventParser(eventTime);
        this.query = query;
    }

    /** Whether the query asked for this event; false only for some in hot shards. */
    public boolean wants(ExportEvent event) {
        return query.wants(event);
    }

    /**
     * @param line 1-based number of the line in its download
     * @param bytes the line without its line end; the event keeps this array
     * @throws NotAnEvent when it is none, with the reason
     */
    public ExportEvent scan(long line, byte[] bytes) throws NotAnEvent {
        return scan(line, bytes, new FastEventParser(), BodyOffsets.NONE);
    }

    /**
     * The same.
     *
     * @param quick of the calling thread
     * @param found where to note the places of its fields
     */
    public ExportEvent scan(long line, byte[] bytes, FastEventParser quick, BodyOffsets found)
            throws NotAnEvent {
        byte[] json = json(line, bytes);
        FieldOffsets places = quick.find(json);
        EventFields fields = places == null ? null : places.read(json, eventTime);
        if (fields == null) {
            return event(line, json, full.read(json));
        }
        found.add(line, places);
        return event(line, json, fields);
    }

    /**
     * An event that was scanned before.
     *
     * @param noted as they were noted then
     */
    public ExportEvent take(long line, byte[] bytes, FieldOffsets noted) {
        byte[] json = json(line, bytes);
        return event(line, json, noted.read(json, eventTime));
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
                fields.time().instant(),
                fields.time().rawSeconds(),
                fields.processed());
    }

    /** Asked in this order, so that nothing changes for the compiler where a next body begins. */
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
