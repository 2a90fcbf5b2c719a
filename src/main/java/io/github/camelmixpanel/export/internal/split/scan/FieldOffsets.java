package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import io.github.camelmixpanel.export.internal.text.Swar;
import java.nio.charset.StandardCharsets;

/**
 * Locates the fields of one line that become headers, counted from the start of the line, and makes
 * them from its bytes; a missing field is {@link #NOWHERE}. An offset packs start, length and kind
 * of a value. Not thread-safe.
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
    final long[] offsets;

    FieldOffsets() {
        this(new long[FIELDS]);
    }

    private FieldOffsets(long[] offsets) {
        this.offsets = offsets;
    }

    FieldOffsets copy() {
        return new FieldOffsets(offsets.clone());
    }

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

    boolean has(int field) {
        return offsets[field] != NOWHERE;
    }

    /** Whether the line has no such field, or one without characters. */
    boolean isEmpty(int field) {
        return length(offsets[field]) == 0;
    }

    /**
     * Whether a text holds U+FFFD, or bytes that are not UTF-8, which the full parser must judge.
     *
     * @param start of the line in the bytes, as for all methods
     */
    boolean isDoubtful(byte[] bytes, int start) {
        for (int field = 0; field <= TIME; field++) {
            long offset = offsets[field];
            if (kind(offset) != NUMBER
                    && !isAscii(offset, bytes, start)
                    && text(offset, bytes, start).indexOf(REPLACEMENT) >= 0) {
                return true;
            }
        }
        return false;
    }

    ReadTime time(byte[] bytes, int start, EventTime eventTime) {
        if (!has(TIME)) {
            return ReadTime.NONE;
        }
        return kind(offsets[TIME]) == NUMBER
                ? eventTime.of(number(TIME, bytes, start))
                : eventTime.of(text(TIME, bytes, start));
    }

    /** Null for none. */
    String text(int field, byte[] bytes, int start) {
        return has(field) ? text(offsets[field], bytes, start) : null;
    }

    private static String text(long offset, byte[] bytes, int start) {
        String raw =
                new String(bytes, start + from(offset), length(offset), StandardCharsets.UTF_8);
        return kind(offset) == ESCAPED_TEXT ? unescaped(raw) : raw;
    }

    /** As {@link ExportEvent#copyAscii}. */
    int copyAscii(int field, byte[] bytes, int start, byte[] target, int at) {
        long offset = offsets[field];
        int length = length(offset);
        if (offset == NOWHERE || length > target.length - at || !isAscii(offset, bytes, start)) {
            return ExportEvent.NOT_COPIED;
        }
        System.arraycopy(bytes, start + from(offset), target, at, length);
        return length;
    }

    /** Whether a text is ASCII as it stands: an escape may be anything. */
    private static boolean isAscii(long offset, byte[] bytes, int start) {
        int from = start + from(offset);
        return kind(offset) != ESCAPED_TEXT && Swar.isAscii(bytes, from, from + length(offset));
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

    long number(int field, byte[] bytes, int start) {
        int from = start + from(offsets[field]);
        int to = from + length(offsets[field]);
        boolean negative = bytes[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = 10 * value + (bytes[i] - '0');
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
