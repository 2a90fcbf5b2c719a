package io.github.camelmixpanel.export.split;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Reads the usual line in one pass over its bytes, and gives up on any other: what it accepts a
 * full JSON parser accepts, with the same fields; what it gives up on may still be an event.
 *
 * <p>It walks the line to its end and checks all of its JSON. It gives up at the first thing that
 * is wrong or rare: an escape in a name or in a field that it takes, bytes there that may be no
 * UTF-8, deep nesting, very long lines, names or numbers. In strings that nobody asks for, bytes
 * above 0x7F are passed over, whatever they are: they make no event bad (see {@link EventScanner}).
 *
 * <p>One object reads one line. Not thread-safe.
 */
final class QuickScan extends JsonWalk {

    private static final int EVENT_LEVEL = 0;
    private static final int PROPERTIES_LEVEL = 1;
    private static final int MAX_LINE = 1 << 20;
    private static final int MAX_DIGITS = 18; // any such number fits a long

    private static final byte[] EVENT = ascii("event");
    private static final byte[] PROPERTIES = ascii("properties");
    private static final byte[] TIME = ascii("time");
    private static final byte[] DISTINCT_ID = ascii("distinct_id");
    private static final byte[] INSERT_ID = ascii("$insert_id");
    private static final byte[] ORIGINAL_NAME = ascii("mp_original_event_name");
    private static final byte[] PROCESSED = ascii("mp_processing_time_ms");

    private final EventTime eventTime;
    private boolean hasName;
    private boolean hasProperties;
    private String name;
    private String distinctId;
    private String insertId;
    private String originalName;
    private ReadTime time = ReadTime.NONE;
    private Instant processed;

    /** Of the value last taken as a text; null for null, arrays and objects. */
    private String text;

    /** Of the value last taken as a whole number. */
    private long number;

    private QuickScan(byte[] line, EventTime eventTime) {
        super(line);
        this.eventTime = eventTime;
    }

    /** The fields of a line that is an event for certain; null for any other. */
    static EventFields read(byte[] line, EventTime eventTime) {
        if (line.length > MAX_LINE) {
            return null;
        }
        QuickScan scan = new QuickScan(line, eventTime);
        return scan.isEvent()
                ? new EventFields(
                        scan.name,
                        scan.distinctId,
                        scan.insertId,
                        scan.originalName,
                        scan.time,
                        scan.processed)
                : null;
    }

    private boolean isEvent() {
        int i = space(0);
        if (at(i) != '{') {
            return false;
        }
        i = object(i + 1, EVENT_LEVEL);
        return i >= 0 && space(i) == end && hasName && hasProperties;
    }

    @Override
    int member(int i, int nameFrom, int nameTo, int level) {
        return switch (level) {
            case EVENT_LEVEL -> eventMember(i, nameFrom, nameTo);
            case PROPERTIES_LEVEL -> property(i, nameFrom, nameTo);
            default -> value(i, level);
        };
    }

    private int eventMember(int i, int nameFrom, int nameTo) {
        if (is(EVENT, nameFrom, nameTo)) {
            int next = text(i);
            hasName = true;
            name = text;
            return next;
        }
        if (is(PROPERTIES, nameFrom, nameTo)) {
            // of two, the last counts
            distinctId = null;
            insertId = null;
            originalName = null;
            time = ReadTime.NONE;
            processed = null;
            hasProperties = true;
            return at(i) == '{' ? object(i + 1, PROPERTIES_LEVEL) : GIVE_UP;
        }
        return value(i, PROPERTIES_LEVEL); // what is in it is no property
    }

    private int property(int i, int nameFrom, int nameTo) {
        switch (nameTo - nameFrom) {
            case 4:
                return is(TIME, nameFrom, nameTo) ? time(i) : value(i, PROPERTIES_LEVEL);
            case 10:
                if (is(INSERT_ID, nameFrom, nameTo)) {
                    int next = text(i);
                    insertId = text;
                    return next;
                }
                return value(i, PROPERTIES_LEVEL);
            case 11:
                if (is(DISTINCT_ID, nameFrom, nameTo)) {
                    int next = text(i);
                    distinctId = text;
                    return next;
                }
                return value(i, PROPERTIES_LEVEL);
            case 21:
                return is(PROCESSED, nameFrom, nameTo) ? processed(i) : value(i, PROPERTIES_LEVEL);
            case 22:
                if (is(ORIGINAL_NAME, nameFrom, nameTo)) {
                    int next = text(i);
                    originalName = text;
                    return next;
                }
                return value(i, PROPERTIES_LEVEL);
            default:
                return value(i, PROPERTIES_LEVEL);
        }
    }

    private int time(int i) {
        int whole = wholeNumber(i);
        if (whole >= 0) {
            time = eventTime.of(number);
            return whole;
        }
        int next = text(i);
        if (next >= 0 && next - i > MAX_DIGITS && isDigit(at(next - 1))) {
            return GIVE_UP; // perhaps a whole number above those of a long
        }
        time = next < 0 || text == null ? ReadTime.NONE : eventTime.of(text);
        return next;
    }

    private int processed(int i) {
        int whole = wholeNumber(i);
        if (whole >= 0) {
            processed = Instant.ofEpochMilli(number);
            return whole;
        }
        processed = null;
        int next = value(i, PROPERTIES_LEVEL);
        return next - i > MAX_DIGITS && isDigit(at(i + 1)) ? GIVE_UP : next;
    }

    /** Takes a whole number that fits a long for certain. */
    private int wholeNumber(int from) {
        boolean negative = at(from) == '-';
        int first = negative ? from + 1 : from;
        int to = digits(first);
        int next = at(to);
        if (to == first
                || to - first > MAX_DIGITS
                || at(first) == '0' && to > first + 1
                || next == '.'
                || next == 'e'
                || next == 'E') {
            return GIVE_UP;
        }
        long value = 0;
        for (int i = first; i < to; i++) {
            value = 10 * value + (bytes[i] - '0');
        }
        number = negative ? -value : value;
        return to;
    }

    /** Takes a value as its text. */
    private int text(int i) {
        text = null;
        int first = at(i);
        int next = value(i, PROPERTIES_LEVEL);
        if (next < 0 || first == '{' || first == '[' || first == 'n') {
            return next;
        }
        if (first != '"') {
            text = new String(bytes, i, next - i, StandardCharsets.ISO_8859_1);
            return next;
        }
        if (escaped) {
            return GIVE_UP;
        }
        int length = next - i - 2;
        if (!nonAscii) {
            text = new String(bytes, i + 1, length, StandardCharsets.ISO_8859_1);
            return next;
        }
        text = new String(bytes, i + 1, length, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? next : GIVE_UP;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
