package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Locates the fields of one line that become headers; a missing field is {@link #NOWHERE}. An
 * offset packs start, length and kind of a value. Not thread-safe.
 */
public final class FieldOffsets {

    static final long NOWHERE = 0; // no value is at the start of a line

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
    final long[] offsets = new long[FIELDS];

    private boolean damaged;

    /** The offset of a text without escapes, excluding its quotes. */
    static long text(int from, int to) {
        return offset(from, to, TEXT);
    }

    /** The same with escapes, all of them valid. */
    static long escapedText(int from, int to) {
        return offset(from, to, ESCAPED_TEXT);
    }

    /** The offset of a whole number that fits a long. */
    static long number(int from, int to) {
        return offset(from, to, NUMBER);
    }

    private static long offset(int from, int to, int kind) {
        return of(from, (to - from) << KIND_BITS | kind);
    }

    /** An offset from its two parts. */
    static long of(int from, int lengthAndKind) {
        return (long) from << Integer.SIZE | lengthAndKind;
    }

    static int from(long offset) {
        return (int) (offset >>> Integer.SIZE);
    }

    static int lengthAndKind(long offset) {
        return (int) offset;
    }

    /**
     * Reads the fields themselves; null if one of them holds U+FFFD, or bytes that are not UTF-8,
     * which the full parser must judge.
     */
    EventFields read(byte[] line, EventTime eventTime) {
        damaged = false;
        String[] texts = new String[TIME];
        for (int field = 0; field < TIME; field++) {
            texts[field] = text(line, offsets[field]);
        }
        EventFields fields =
                new EventFields(
                        texts[NAME],
                        texts[DISTINCT_ID],
                        texts[INSERT_ID],
                        texts[ORIGINAL_NAME],
                        time(line, offsets[TIME], eventTime),
                        offsets[PROCESSED] == NOWHERE
                                ? null
                                : Instant.ofEpochMilli(number(line, offsets[PROCESSED])));
        return damaged ? null : fields;
    }

    private ReadTime time(byte[] line, long offset, EventTime eventTime) {
        if (offset == NOWHERE) {
            return ReadTime.NONE;
        }
        return kind(offset) == NUMBER
                ? eventTime.of(number(line, offset))
                : eventTime.of(text(line, offset));
    }

    private String text(byte[] line, long offset) {
        if (offset == NOWHERE) {
            return null;
        }
        String raw = new String(line, from(offset), length(offset), StandardCharsets.UTF_8);
        String text = kind(offset) == ESCAPED_TEXT ? unescaped(raw) : raw;
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

    private static long number(byte[] line, long offset) {
        int from = from(offset);
        int to = from + length(offset);
        boolean negative = line[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = 10 * value + (line[i] - '0');
        }
        return negative ? -value : value;
    }

    private static int kind(long offset) {
        return (int) offset & (1 << KIND_BITS) - 1;
    }

    private static int length(long offset) {
        return (int) offset >>> KIND_BITS;
    }
}
