package io.github.camelmixpanel.export.split;

/**
 * Finds the fields of the usual line in one pass over its bytes, and gives up on any other: what it
 * accepts a full JSON parser accepts, with the same fields; what it gives up on may still be an
 * event.
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
    private static final int MAX_LINE = 1 << 20;
    private static final int MAX_DIGITS = 18; // any such number fits a long

    private static final byte[] EVENT = ascii("event");
    private static final byte[] PROPERTIES = ascii("properties");
    private static final byte[] TIME = ascii("time");
    private static final byte[] DISTINCT_ID = ascii("distinct_id");
    private static final byte[] INSERT_ID = ascii("$insert_id");
    private static final byte[] ORIGINAL_NAME = ascii("mp_original_event_name");
    private static final byte[] PROCESSED = ascii("mp_processing_time_ms");

    private final FieldPlaces found = new FieldPlaces();
    private final long[] places = found.places;
    private boolean hasName;
    private boolean hasProperties;

    /** Whether the member of the outermost object that is being passed is "properties". */
    private boolean inProperties;

    private QuickScan(byte[] line) {
        super(line);
    }

    /** Where the fields of a line stand that is an event for certain; null for any other. */
    static FieldPlaces find(byte[] line) {
        if (line.length > MAX_LINE) {
            return null;
        }
        QuickScan scan = new QuickScan(line);
        return scan.isEvent() ? scan.found : null;
    }

    private boolean isEvent() {
        int i = space(0);
        if (at(i) != '{') {
            return false;
        }
        i = object(i + 1, EVENT_LEVEL);
        return i >= 0 && space(i) == bytes.length && hasName && hasProperties;
    }

    @Override
    void begins(int nameFrom, int nameTo) {
        inProperties = is(PROPERTIES, nameFrom, nameTo);
        if (inProperties) {
            // of two, the last counts
            for (int field = FieldPlaces.DISTINCT_ID; field < FieldPlaces.FIELDS; field++) {
                places[field] = FieldPlaces.NOWHERE;
            }
        }
    }

    @Override
    int passed(int nameFrom, int nameTo, int from, int to, int level) {
        if (level == EVENT_LEVEL) {
            return passedMember(nameFrom, nameTo, from, to);
        }
        return inProperties ? passedProperty(nameFrom, nameTo, from, to) : to;
    }

    private int passedMember(int nameFrom, int nameTo, int from, int to) {
        if (inProperties) {
            hasProperties = true;
            return at(from) == '{' ? to : GIVE_UP;
        }
        if (is(EVENT, nameFrom, nameTo)) {
            hasName = true;
            return passedText(FieldPlaces.NAME, from, to);
        }
        return to;
    }

    private int passedProperty(int nameFrom, int nameTo, int from, int to) {
        switch (nameTo - nameFrom) {
            case 4:
                if (is(TIME, nameFrom, nameTo)) {
                    if (isWholeNumber(from, to)) {
                        places[FieldPlaces.TIME] = FieldPlaces.number(from, to);
                        return to;
                    }
                    return mayBeLargeNumber(from, to)
                            ? GIVE_UP
                            : passedText(FieldPlaces.TIME, from, to);
                }
                return to;
            case 10:
                return is(INSERT_ID, nameFrom, nameTo)
                        ? passedText(FieldPlaces.INSERT_ID, from, to)
                        : to;
            case 11:
                return is(DISTINCT_ID, nameFrom, nameTo)
                        ? passedText(FieldPlaces.DISTINCT_ID, from, to)
                        : to;
            case 21:
                if (is(PROCESSED, nameFrom, nameTo)) {
                    boolean whole = isWholeNumber(from, to);
                    places[FieldPlaces.PROCESSED] =
                            whole ? FieldPlaces.number(from, to) : FieldPlaces.NOWHERE;
                    return whole || !mayBeLargeNumber(from, to) ? to : GIVE_UP;
                }
                return to;
            case 22:
                return is(ORIGINAL_NAME, nameFrom, nameTo)
                        ? passedText(FieldPlaces.ORIGINAL_NAME, from, to)
                        : to;
            default:
                return to;
        }
    }

    /** Whether the value just passed is a whole number that fits a long for certain. */
    private boolean isWholeNumber(int from, int to) {
        int first = at(from) == '-' ? from + 1 : from;
        if (to - first > MAX_DIGITS) {
            return false;
        }
        for (int i = first; i < to; i++) {
            if (!isDigit(at(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it may be one that does not fit. */
    private boolean mayBeLargeNumber(int from, int to) {
        return to - from > MAX_DIGITS && isDigit(at(to - 1)) && at(from) != '"';
    }

    /** The place of the value just passed as a text; of null, arrays and objects nowhere. */
    private long text(int from, int to) {
        return switch (at(from)) {
            case '{', '[', 'n' -> FieldPlaces.NOWHERE;
            case '"' -> FieldPlaces.text(from + 1, to - 1, !nonAscii);
            default -> FieldPlaces.text(from, to, true);
        };
    }

    /** Takes the value just passed as a text; gives up where the text is not what stands there. */
    private int passedText(int field, int from, int to) {
        places[field] = text(from, to);
        return at(from) == '"' && escaped ? GIVE_UP : to;
    }
}
