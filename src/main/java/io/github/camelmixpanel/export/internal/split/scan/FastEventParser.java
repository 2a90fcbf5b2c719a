package io.github.camelmixpanel.export.internal.split.scan;

import java.util.Arrays;

/**
 * Finds the fields of an ordinary line in one pass over its bytes: a line that it accepts, a full
 * JSON parser accepts with the same fields; a line that it rejects may still be an event.
 *
 * <p>It reads the line to its end and checks all of its JSON. It rejects what is wrong or rare: an
 * escaped ASCII character in a name, deep nesting, very long lines, names or numbers. In strings
 * that are not fields it skips bytes above 0x7F unchecked, as they make no event bad (see {@link
 * EventScanner}).
 *
 * <p>One object reads line after line, and allocates nothing. Not thread-safe.
 */
public final class FastEventParser extends JsonSkipper {

    private static final int MAX_LINE = 1 << 20;
    private static final int MAX_DIGITS = 18; // any such number fits a long

    private static final byte[] EVENT = ascii("event");
    private static final byte[] PROPERTIES = ascii("properties");
    private static final byte[] TIME = ascii("time");
    private static final byte[] DISTINCT_ID = ascii("distinct_id");
    private static final byte[] INSERT_ID = ascii("$insert_id");
    private static final byte[] ORIGINAL_NAME = ascii("mp_original_event_name");
    private static final byte[] PROCESSED = ascii("mp_processing_time_ms");

    private final FieldOffsets found = new FieldOffsets();
    private final PropertyOffsets properties = new PropertyOffsets();
    private final long[] offsets = found.offsets;
    private int start;
    private boolean hasName;
    private boolean hasProperties;

    /**
     * The field offsets of a line that is certainly an event, valid until the next call; null for
     * any other line.
     *
     * @param line an array that holds it from {@code from} to before {@code to}
     */
    FieldOffsets find(byte[] line, int from, int to) {
        if (to - from > MAX_LINE) {
            return null;
        }
        start = from;
        begin(line, from, to);
        hasName = false;
        hasProperties = false;
        Arrays.fill(offsets, FieldOffsets.NOWHERE);
        try {
            return isEvent(to) ? found : null;
        } catch (ArrayIndexOutOfBoundsException e) {
            return null; // the line ends too early
        }
    }

    /** Where the properties of the line found last stand. */
    PropertyOffsets properties() {
        return properties;
    }

    private boolean isEvent(int to) {
        int i = space(start);
        return bytes[i] == '{' && onlySpace(members(i + 1), to) && hasName && hasProperties;
    }

    private boolean onlySpace(int from, int to) {
        int i = from;
        while (i >= 0 && i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return i == to;
    }

    /**
     * From behind the opening brace of the event to behind its closing one, through its properties.
     *
     * <p>One loop for both objects: the compiler would inline a recursive method into itself, which
     * doubles its time, and that matters where a process exports only a few windows.
     */
    private int members(int start) {
        boolean inProperties = false;
        int i = firstMember(start);
        while (bytes[i] != '}' || inProperties) {
            if (bytes[i] == '}') {
                inProperties = false;
                i = nextMember(i + 1);
                continue;
            }
            int nameFrom = i + 1;
            int nameTo = nameEnd(nameFrom);
            int from = valueAfter(nameTo);
            if (!inProperties && is(PROPERTIES, nameFrom, nameTo)) {
                if (bytes[from] != '{') {
                    return GIVE_UP;
                }
                beginProperties();
                inProperties = true;
                i = firstMember(from + 1);
            } else {
                int to = value(from);
                if (to < 0 || !passed(inProperties, nameFrom, nameTo, from, to)) {
                    return GIVE_UP;
                }
                i = nextMember(to);
            }
        }
        return i + 1;
    }

    private void beginProperties() {
        hasProperties = true;
        properties.clear();
        // of two objects, the last counts
        Arrays.fill(offsets, FieldOffsets.DISTINCT_ID, FieldOffsets.FIELDS, FieldOffsets.NOWHERE);
    }

    /** Records a member if it is a field; false for a number that may be too large. */
    private boolean passed(boolean inProperties, int nameFrom, int nameTo, int from, int to) {
        if (inProperties) {
            properties.add(nameFrom, nameTo, to);
            return passedProperty(nameFrom, nameTo, from, to);
        }
        if (is(EVENT, nameFrom, nameTo)) {
            hasName = true;
            offsets[FieldOffsets.NAME] = text(from, to);
        }
        return true;
    }

    private boolean passedProperty(int nameFrom, int nameTo, int from, int to) {
        switch (nameTo - nameFrom) {
            case 4:
                return !is(TIME, nameFrom, nameTo) || passedNumber(FieldOffsets.TIME, from, to);
            case 10:
                if (is(INSERT_ID, nameFrom, nameTo)) {
                    offsets[FieldOffsets.INSERT_ID] = text(from, to);
                }
                return true;
            case 11:
                if (is(DISTINCT_ID, nameFrom, nameTo)) {
                    offsets[FieldOffsets.DISTINCT_ID] = text(from, to);
                }
                return true;
            case 21:
                return !is(PROCESSED, nameFrom, nameTo)
                        || passedNumber(FieldOffsets.PROCESSED, from, to);
            case 22:
                if (is(ORIGINAL_NAME, nameFrom, nameTo)) {
                    offsets[FieldOffsets.ORIGINAL_NAME] = text(from, to);
                }
                return true;
            default:
                return true;
        }
    }

    /**
     * Records a whole number; of other values, a time is a text, and the other field is missing.
     */
    private boolean passedNumber(int field, int from, int to) {
        if (isWholeNumber(from, to)) {
            offsets[field] = FieldOffsets.number(from - start, to - start);
            return true;
        }
        offsets[field] = field == FieldOffsets.TIME ? text(from, to) : FieldOffsets.NOWHERE;
        return !mayBeLargeNumber(from, to);
    }

    /** Whether the value just passed is a whole number that certainly fits a long. */
    private boolean isWholeNumber(int from, int to) {
        int first = bytes[from] == '-' ? from + 1 : from;
        if (to - first > MAX_DIGITS) {
            return false;
        }
        for (int i = first; i < to; i++) {
            if (!isDigit(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether it may be one that does not fit. */
    private boolean mayBeLargeNumber(int from, int to) {
        return to - from > MAX_DIGITS && isDigit(bytes[to - 1]) && bytes[from] != '"';
    }

    /** The offset of the value just passed as a text; NOWHERE for null, arrays and objects. */
    private long text(int from, int to) {
        return switch (bytes[from]) {
            case '{', '[', 'n' -> FieldOffsets.NOWHERE;
            case '"' ->
                    escaped
                            ? FieldOffsets.escapedText(from - start + 1, to - start - 1)
                            : FieldOffsets.text(from - start + 1, to - start - 1);
            default -> FieldOffsets.text(from - start, to - start);
        };
    }
}
