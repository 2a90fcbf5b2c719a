package io.github.camelmixpanel.export.internal.dedupe.key;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.text.Swar;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Shows whether the properties of an event are others than before, whatever their order: 32 bits of
 * the sum of a hash of each, name and value as sent. The line is read for it once more where the
 * event does not show its properties.
 *
 * <p>Left out is what Mixpanel itself may change or add between two exports: the properties that
 * say whose the event is, and those that begin with {@code mp_} or {@code $mp_}. So are {@code
 * time} and {@code $insert_id}, which are in the key. Not thread-safe.
 */
final class ContentHash implements ExportEvent.PropertyVisitor {

    private static final byte[] PROPERTIES = ascii("properties");
    private static final byte[] TIME = ascii("time");
    private static final byte[] DISTINCT_ID = ascii("distinct_id");
    private static final byte[] INTERNAL = ascii("mp_");
    private static final byte[] INTERNAL_TOO = ascii("$mp_");
    private static final byte[][] LEFT_OUT = {
        ascii("$insert_id"),
        ascii("$is_reshuffled"),
        ascii("$distinct_id_before_identity"),
        ascii("$preshuffle_distinct_id"),
    };

    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private byte[] line;
    private long sum;

    /**
     * @param event whose line was checked before
     */
    int of(ExportEvent event) {
        line = event.bytes();
        sum = 0;
        return event.visitProperties(this) ? hash() : of(event.bytes(), event.start());
    }

    /**
     * @param newLine holds the line of an event, checked before, from {@code start} on
     * @return {@link KeyMaker#UNKNOWN} where the line is none
     */
    int of(byte[] newLine, int start) {
        line = newLine;
        sum = 0;
        try {
            return read(JsonBytes.space(line, start)) ? hash() : KeyMaker.UNKNOWN;
        } catch (ArrayIndexOutOfBoundsException e) {
            return KeyMaker.UNKNOWN;
        }
    }

    private int hash() {
        int hash = (int) (mixed(sum) >>> 32);
        return hash == KeyMaker.UNKNOWN ? 1 : hash;
    }

    @Override
    public void property(int name, int nameEnd, int valueEnd) {
        if (counts(line, name, nameEnd)) {
            sum += hash(line, name, valueEnd);
        }
    }

    /** One loop for the event and its properties. */
    private boolean read(int start) {
        if (line[start] != '{') {
            return false;
        }
        boolean inProperties = false;
        int i = JsonBytes.space(line, start + 1);
        while (line[i] != '}' || inProperties) {
            if (line[i] == '}') {
                inProperties = false;
                i = JsonBytes.space(line, i + 1);
            } else {
                int name = i + 1;
                int nameEnd = JsonBytes.stringEnd(line, name);
                int colon = JsonBytes.space(line, nameEnd + 1);
                i = JsonBytes.space(line, colon + 1);
                if (!inProperties && line[i] == '{' && is(PROPERTIES, line, name, nameEnd)) {
                    sum = 0; // of two objects, the last counts
                    inProperties = true;
                    i = JsonBytes.space(line, i + 1);
                    continue;
                }
                i = JsonBytes.valueEnd(line, i);
                if (inProperties) {
                    property(name, nameEnd, i);
                }
                i = JsonBytes.space(line, i);
            }
            if (line[i] == ',') {
                i = JsonBytes.space(line, i + 1);
            }
        }
        return true;
    }

    private static boolean counts(byte[] line, int from, int to) {
        return switch (line[from]) {
            case 't' -> !is(TIME, line, from, to);
            case 'd' -> !is(DISTINCT_ID, line, from, to);
            case 'm' -> !begins(INTERNAL, line, from, to);
            case '$' ->
                    switch (line[from + 1]) {
                        case 'm' -> !begins(INTERNAL_TOO, line, from, to);
                        case 'd', 'i', 'p' -> {
                            for (byte[] name : LEFT_OUT) {
                                if (is(name, line, from, to)) {
                                    yield false;
                                }
                            }
                            yield true;
                        }
                        default -> true;
                    };
            default -> true;
        };
    }

    private static boolean begins(byte[] prefix, byte[] line, int from, int to) {
        return to - from > prefix.length && is(prefix, line, from, from + prefix.length);
    }

    private static boolean is(byte[] name, byte[] line, int from, int to) {
        return to - from == name.length && Arrays.equals(line, from, to, name, 0, name.length);
    }

    /** At least four bytes, and not the first ones of the array. */
    private static long hash(byte[] line, int from, int to) {
        long hash = FACTOR ^ to - from;
        int i = from;
        for (; i < to - Swar.LENGTH; i += Swar.LENGTH) {
            hash = mixed(hash ^ Swar.at(line, i));
        }
        // the last one to eight bytes, by one read
        long last = Swar.at(line, to - Swar.LENGTH) >>> Long.SIZE - Byte.SIZE * (to - i);
        return mixed(mixed(hash ^ last));
    }

    private static long mixed(long hash) {
        long product = hash * FACTOR;
        return product ^ product >>> 29;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
