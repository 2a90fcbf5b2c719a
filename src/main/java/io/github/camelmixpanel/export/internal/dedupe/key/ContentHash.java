package io.github.camelmixpanel.export.internal.dedupe.key;

import io.github.camelmixpanel.export.internal.text.Swar;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Shows whether the properties of an event are others than before, whatever their order: 32 bits of
 * the sum of a hash of each, name and value as sent. It takes about as long as finding the fields
 * of the line.
 *
 * <p>Left out is what Mixpanel itself may change or add between two exports: the properties that
 * say whose the event is, and those that begin with {@code mp_} or {@code $mp_}. So are {@code
 * time} and {@code $insert_id}, which are in the key. Stateless.
 */
final class ContentHash {

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

    private ContentHash() {}

    /**
     * @param line an array that holds the line of an event, checked before, from {@code start} on
     * @return {@link KeyMaker#UNKNOWN} where the line is none
     */
    static int of(byte[] line, int start) {
        try {
            return hash(line, start);
        } catch (ArrayIndexOutOfBoundsException e) {
            return KeyMaker.UNKNOWN;
        }
    }

    /** One loop for the event and its properties. */
    private static int hash(byte[] line, int start) {
        int i = JsonBytes.space(line, start);
        if (line[i] != '{') {
            return KeyMaker.UNKNOWN;
        }
        long sum = 0;
        boolean inProperties = false;
        i = JsonBytes.space(line, i + 1);
        while (true) {
            if (line[i] == '}') {
                if (!inProperties) {
                    break;
                }
                inProperties = false;
                i = JsonBytes.space(line, i + 1);
            } else {
                int name = i + 1;
                int nameEnd = JsonBytes.stringEnd(line, name);
                i =
                        JsonBytes.space(
                                line,
                                JsonBytes.space(line, nameEnd + 1)
                                        + 1); // the colon is between them
                if (!inProperties && line[i] == '{' && is(PROPERTIES, line, name, nameEnd)) {
                    sum = 0; // of two objects, the last counts
                    inProperties = true;
                    i = JsonBytes.space(line, i + 1);
                    continue;
                }
                i = JsonBytes.valueEnd(line, i);
                if (inProperties && counts(line, name, nameEnd)) {
                    sum += hash(line, name, i);
                }
                i = JsonBytes.space(line, i);
            }
            if (line[i] == ',') {
                i = JsonBytes.space(line, i + 1);
            }
        }
        int hash = (int) (mixed(sum) >>> 32);
        return hash == KeyMaker.UNKNOWN ? 1 : hash;
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
