package io.github.camelmixpanel.export.internal.split.scan;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Where in a line the fields stand that become headers; what it lacks stands {@link #NOWHERE}. Not
 * thread-safe.
 */
public final class FieldOffsets {

    static final long NOWHERE = 0; // no value stands at the start of a line

    private static final String ESCAPES = "bfnrt";
    private static final String ESCAPED = "\b\f\n\r\t"; // what they stand for
    private static final char REPLACEMENT = '\ufffd';
    private static final int TEXT = 0;
    private static final int ESCAPED_TEXT = 1;
    private static final int NUMBER = 2;
    private static final int KIND_BITS = 2;

    static final int NAME = 0;
    static final int DISTINCT_ID = 1;
    static final int INSERT_ID = 2;
    static final int ORIGINAL_NAME = 3;
    static final int TIME = 4;
    static final int PROCESSED = 5;
    static final int FIELDS = 6;

    /** By field. */
    final long[] places = new long[FIELDS];

    private boolean damaged;

    /** The place of a text without escapes, its quotes left out. */
    static long text(int from, int to) {
        return place(from, to, TEXT);
    }

    /** The same with escapes, all of them right. */
    static long escapedText(int from, int to) {
        return place(from, to, ESCAPED_TEXT);
    }

    /** The place of a whole number that fits a long. */
    static long number(int from, int to) {
        return place(from, to, NUMBER);
    }

    private static long place(int from, int to, int kind) {
        return of(from, (to - from) << KIND_BITS | kind);
    }

    /** A place from its two parts. */
    static long of(int from, int lengthAndKind) {
        return (long) from << Integer.SIZE | lengthAndKind;
    }

    static int from(long place) {
        return (int) (place >>> Integer.SIZE);
    }

    static int lengthAndKind(long place) {
        return (int) place;
    }

    /**
     * The fields themselves; null when one of them holds U+FFFD, or bytes that are no UTF-8, which
     * somebody else has to decide about.
     */
    EventFields read(byte[] line, EventTime eventTime) {
        damaged = false;
        String[] texts = new String[TIME];
        for (int field = 0; field < TIME; field++) {
            texts[field] = text(line, places[field]);
        }
        EventFields fields =
                new EventFields(
                        texts[NAME],
                        texts[DISTINCT_ID],
                        texts[INSERT_ID],
                        texts[ORIGINAL_NAME],
                        time(line, places[TIME], eventTime),
                        places[PROCESSED] == NOWHERE
                                ? null
                                : Instant.ofEpochMilli(number(line, places[PROCESSED])));
        return damaged ? null : fields;
    }

    private ReadTime time(byte[] line, long place, EventTime eventTime) {
        if (place == NOWHERE) {
            return ReadTime.NONE;
        }
        return kind(place) == NUMBER
                ? eventTime.of(number(line, place))
                : eventTime.of(text(line, place));
    }

    private String text(byte[] line, long place) {
        if (place == NOWHERE) {
            return null;
        }
        String raw = new String(line, from(place), length(place), StandardCharsets.UTF_8);
        String text = kind(place) == ESCAPED_TEXT ? unescaped(raw) : raw;
        damaged |= text.indexOf(REPLACEMENT) >= 0;
        return text;
    }

    private static String unescaped(String raw) {
        StringBuilder text = new StringBuilder(raw.length());
        int i = 0;
        for (int escape; (escape = raw.indexOf('\\', i)) >= 0; ) {
            text.append(raw, i, escape);
            char sign = raw.charAt(escape + 1);
            i = escape + 2;
            if (sign == 'u') {
                text.append((char) Integer.parseInt(raw, i, i + 4, 16));
                i += 4;
            } else {
                int plain = ESCAPES.indexOf(sign);
                text.append(plain < 0 ? sign : ESCAPED.charAt(plain));
            }
        }
        return text.append(raw, i, raw.length()).toString();
    }

    private static long number(byte[] line, long place) {
        int from = from(place);
        int to = from + length(place);
        boolean negative = line[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = 10 * value + (line[i] - '0');
        }
        return negative ? -value : value;
    }

    private static int kind(long place) {
        return (int) place & (1 << KIND_BITS) - 1;
    }

    private static int length(long place) {
        return (int) place >>> KIND_BITS;
    }
}
