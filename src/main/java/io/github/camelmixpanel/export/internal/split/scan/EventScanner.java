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
        return lines(BodyOffsets.NONE, BodyOffsets.NONE).scan(line, bytes, 0, bytes.length);
    }

    /**
     * For the lines of one body.
     *
     * @param found receives the offsets of their fields
     * @param known the offsets that an earlier scan of the same lines has found
     */
    public Lines lines(BodyOffsets found, BodyOffsets known) {
        return new Lines(found, known);
    }

    /** Scans the lines of one body, each where it stands in an array. Not thread-safe. */
    public final class Lines {

        private final BodyOffsets found;
        private final BodyOffsets.Reader known;
        private final FastEventParser parser = new FastEventParser();
        private final ScannedEvent event;

        private Lines(BodyOffsets found, BodyOffsets known) {
            this.found = found;
            this.known = known.reader();
            this.event = new ScannedEvent(eventTime, query.restoreHotShards());
        }

        /**
         * The length of a line that was scanned before; 0 if it is not known.
         *
         * @param line at least that of the previous call, as for {@link #scan}
         */
        public int knownLength(long line) {
            return known.of(line) == null ? 0 : known.length();
        }

        /**
         * @param line 1-based number of the line in its download
         * @param bytes hold the line from {@code start} to before {@code end}, without its line end
         * @return valid until the next call, and as long as the bytes are the same
         * @throws NotAnEvent when the line is not an event, with the reason
         */
        public ExportEvent scan(long line, byte[] bytes, int start, int end) throws NotAnEvent {
            int from = startsWithByteOrderMark(bytes, start, end) && line == 1 ? start + 3 : start;
            FieldOffsets before = known.of(line);
            FieldOffsets offsets = before == null ? parser.find(bytes, from, end) : before;
            PropertyOffsets properties = before == null ? parser.properties() : null;
            event.show(line, bytes, from, end, offsets, properties);
            if (before != null) {
                return event;
            }
            if (offsets == null || offsets.isDoubtful(bytes, from)) {
                return parse(line, event.json());
            }
            found.add(line, end - start, offsets);
            return event;
        }
    }

    /** Reads any line; the event keeps the array. */
    private ExportEvent parse(long line, byte[] json) throws NotAnEvent {
        EventFields fields = jackson.read(json);
        boolean restored = query.restoreHotShards() && ExportQuery.HOT_SHARD.equals(fields.name());
        return new ParsedEvent(
                line,
                json,
                fields.name(),
                restored ? fields.originalName() : null,
                fields.distinctId(),
                fields.insertId(),
                fields.time(),
                fields.processed());
    }

    private static boolean startsWithByteOrderMark(byte[] bytes, int start, int end) {
        int to = start + BYTE_ORDER_MARK.length;
        return end >= to
                && bytes[start] == BYTE_ORDER_MARK[0]
                && Arrays.equals(bytes, start, to, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }
}
