package io.github.camelmixpanel.export.split;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the JSON of a line and accepts only what a full JSON parser accepts; gives up at the
 * first thing that is wrong or rare.
 *
 * <p>Each of its methods takes the place where a thing begins and gives the place behind it, or
 * {@link #GIVE_UP}. In strings, bytes above 0x7F are passed over, whatever they are. Not
 * thread-safe.
 */
abstract class JsonWalk {

    static final int GIVE_UP = -1;

    private static final int END = -1;
    private static final int MAX_NAME = 1000;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_LEVEL = 64;

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");

    final byte[] bytes;

    /** Of the string last passed: whether it has an escape. */
    boolean escaped;

    /** Of the string last passed: whether it may have bytes above 0x7F. */
    boolean nonAscii;

    JsonWalk(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A member of the outermost object begins, whose name has no escape. */
    abstract void begins(int nameFrom, int nameTo);

    /**
     * A member of an object of level 0 or 1, whose name has no escape, was passed.
     *
     * @param from where its value begins
     * @param to behind it
     * @param level of its object: 0 for the outermost
     * @return {@code to}, or {@link #GIVE_UP}
     */
    abstract int passed(int nameFrom, int nameTo, int from, int to, int level);

    /**
     * From behind the opening brace.
     *
     * @param level 0 for the outermost
     */
    final int object(int start, int level) {
        int i = space(start);
        if (at(i) == '}') {
            return i + 1;
        }
        while (at(i) == '"') {
            int nameFrom = i + 1;
            int nameTo = string(nameFrom) - 1;
            if (nameTo < 0 || escaped || nameTo - nameFrom > MAX_NAME) {
                return GIVE_UP;
            }
            i = space(nameTo + 1);
            if (at(i) != ':') {
                return GIVE_UP;
            }
            if (level == 0) {
                begins(nameFrom, nameTo);
            }
            int from = space(i + 1);
            i = value(from, level);
            if (i >= 0 && level <= 1) {
                i = passed(nameFrom, nameTo, from, i, level);
            }
            if (i < 0) {
                return GIVE_UP;
            }
            i = space(i);
            int next = at(i);
            if (next == '}') {
                return i + 1;
            }
            if (next != ',') {
                return GIVE_UP;
            }
            i = space(i + 1);
        }
        return GIVE_UP;
    }

    /** A value inside something of this level. */
    private int value(int i, int level) {
        return switch (at(i)) {
            case '"' -> string(i + 1);
            case '{' -> level == MAX_LEVEL ? GIVE_UP : object(i + 1, level + 1);
            case '[' -> level == MAX_LEVEL ? GIVE_UP : array(i + 1, level + 1);
            case 't' -> word(i, TRUE);
            case 'f' -> word(i, FALSE);
            case 'n' -> word(i, NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(i);
            default -> GIVE_UP;
        };
    }

    private int array(int from, int level) {
        int i = space(from);
        if (at(i) == ']') {
            return i + 1;
        }
        while (true) {
            i = value(i, level);
            if (i < 0) {
                return GIVE_UP;
            }
            i = space(i);
            int next = at(i);
            if (next == ']') {
                return i + 1;
            }
            if (next != ',') {
                return GIVE_UP;
            }
            i = space(i + 1);
        }
    }

    private int word(int from, byte[] word) {
        int to = from + word.length;
        return to <= bytes.length && is(word, from, to) ? to : GIVE_UP;
    }

    private int number(int from) {
        int i = at(from) == '-' ? from + 1 : from;
        int whole = i;
        i = digits(i);
        if (i == whole || at(whole) == '0' && i > whole + 1) {
            return GIVE_UP;
        }
        if (at(i) == '.') {
            int fraction = i + 1;
            i = digits(fraction);
            if (i == fraction) {
                return GIVE_UP;
            }
        }
        if (at(i) == 'e' || at(i) == 'E') {
            int exponent = at(i + 1) == '-' || at(i + 1) == '+' ? i + 2 : i + 1;
            i = digits(exponent);
            if (i == exponent) {
                return GIVE_UP;
            }
        }
        return i - from > MAX_NUMBER ? GIVE_UP : i;
    }

    private int digits(int from) {
        int i = from;
        while (isDigit(at(i))) {
            i++;
        }
        return i;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** From behind the opening quote to behind the closing one, eight bytes at a time. */
    private int string(int from) {
        escaped = false;
        long seen = 0;
        int i = from;
        while (i <= bytes.length - EightBytes.LENGTH) {
            long eight = EightBytes.at(bytes, i);
            seen |= eight;
            long found = EightBytes.findSpecial(eight);
            if (found == 0) {
                i += EightBytes.LENGTH;
                continue;
            }
            i += EightBytes.first(found);
            if (bytes[i] == '"') {
                nonAscii = EightBytes.anyAbove7F(seen);
                return i + 1;
            }
            i = bytes[i] == '\\' ? escape(i + 1) : GIVE_UP;
            if (i < 0) {
                return GIVE_UP;
            }
        }
        return endOfString(i, seen);
    }

    /** The last bytes of a line, one by one. */
    private int endOfString(int from, long seenBefore) {
        long seen = seenBefore;
        int i = from;
        while (i < bytes.length) {
            byte b = bytes[i];
            seen |= b; // the sign of a byte above 0x7F reaches all high bits
            if (b == '"') {
                nonAscii = EightBytes.anyAbove7F(seen);
                return i + 1;
            }
            if (b == '\\') {
                i = escape(i + 1);
                if (i < 0) {
                    return GIVE_UP;
                }
            } else if (b >= 0 && b < ' ') {
                return GIVE_UP;
            } else {
                i++;
            }
        }
        return GIVE_UP;
    }

    /** Behind a backslash. */
    private int escape(int i) {
        escaped = true;
        switch (at(i)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
                return i + 1;
            case 'u':
                for (int k = 1; k <= 4; k++) {
                    if (Character.digit(at(i + k), 16) < 0) {
                        return GIVE_UP;
                    }
                }
                return i + 5;
            default:
                return GIVE_UP;
        }
    }

    /** Mixpanel sends no spaces between things, so this is mostly one look. */
    final int space(int from) {
        return at(from) > ' ' ? from : pastSpace(from);
    }

    private int pastSpace(int from) {
        int i = from;
        while (at(i) == ' ' || at(i) == '\t') {
            i++;
        }
        return i;
    }

    final int at(int i) {
        return i < bytes.length ? bytes[i] : END;
    }

    final boolean is(byte[] name, int from, int to) {
        return to - from == name.length && Arrays.equals(bytes, from, to, name, 0, name.length);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
