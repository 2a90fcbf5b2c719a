package io.github.camelmixpanel.export.internal.split.scan;

import java.nio.charset.StandardCharsets;

/**
 * Walks over the JSON of a line and accepts only what a full JSON parser accepts; gives up at the
 * first thing that is wrong or rare.
 *
 * <p>Each of its methods takes the place where a thing begins and gives the place behind it, or
 * {@link #GIVE_UP}. Where the line ends too early, or a place is given on that was given up, it
 * throws {@code ArrayIndexOutOfBoundsException}: the processor compares each place with the length
 * of the array anyway, and to do it once more took a third of the time. In strings, bytes above
 * 0x7F are passed over, whatever they are. Not thread-safe.
 */
class JsonSkipper {

    static final int GIVE_UP = Integer.MIN_VALUE; // no place, nor is the one behind it

    private static final int MAX_NAME = 1000;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_LEVEL = Long.SIZE;

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");

    byte[] bytes;
    private final StringEndBitmap specials = new StringEndBitmap();

    /** Of the string last passed: whether it has an escape. */
    boolean escaped;

    /** Of the same: whether it has one that may stand for a letter, a digit or another of ASCII. */
    private boolean asciiEscaped;

    final void begin(byte[] line) {
        bytes = line;
        specials.find(line);
    }

    final int value(int i) {
        byte first = bytes[i];
        return first == '{' || first == '[' ? nested(i) : plain(i);
    }

    /**
     * From the first letter of a name to its closing quote. What stands between is the name itself,
     * or has escapes that no name has which somebody asks for.
     */
    final int nameEnd(int nameFrom) {
        int nameTo = string(nameFrom) - 1;
        return asciiEscaped || nameTo - nameFrom > MAX_NAME ? GIVE_UP : nameTo;
    }

    /** From the closing quote of a name to its value. */
    final int valueAfter(int nameTo) {
        int i = space(nameTo + 1);
        return bytes[i] == ':' ? space(i + 1) : GIVE_UP;
    }

    /** From behind the opening brace of an object to its first member, or to its closing brace. */
    final int firstMember(int i) {
        int first = space(i);
        return bytes[first] == '"' || bytes[first] == '}' ? first : GIVE_UP;
    }

    /** From behind a value to the next member of its object, or to its closing brace. */
    final int nextMember(int i) {
        int next = space(i);
        if (bytes[next] == '}') {
            return next;
        }
        int member = bytes[next] == ',' ? space(next + 1) : GIVE_UP;
        return bytes[member] == '"' ? member : GIVE_UP;
    }

    /**
     * An object or array with all that is in it.
     *
     * <p>One loop instead of methods that call each other, as the compiler would put those into
     * each other, a level or two deep, and into whatever calls them.
     */
    private int nested(int start) {
        long objects = 0; // a bit a level, the innermost lowest: whether it is an object
        int levels = 0;
        int i = start;
        while (true) {
            byte first = bytes[i];
            boolean ends;
            if (first == '{' || first == '[') {
                if (levels++ == MAX_LEVEL) {
                    return GIVE_UP;
                }
                objects = objects << 1 | (first == '{' ? 1 : 0);
                i = space(i + 1);
                ends = bytes[i] == closing(objects);
            } else {
                i = space(plain(i));
                ends = bytes[i] != ',';
                i = ends ? i : space(i + 1);
            }
            while (ends) {
                if (bytes[i] != closing(objects)) {
                    return GIVE_UP;
                }
                objects >>>= 1;
                if (--levels == 0) {
                    return i + 1;
                }
                i = space(i + 1);
                ends = bytes[i] != ',';
                i = ends ? i : space(i + 1);
            }
            if ((objects & 1) == 1) {
                i = bytes[i] == '"' ? valueAfter(nameEnd(i + 1)) : GIVE_UP;
            }
        }
    }

    private static int closing(long objects) {
        return (objects & 1) == 1 ? '}' : ']';
    }

    /** A value that is no object or array. */
    private int plain(int i) {
        return switch (bytes[i]) {
            case '"' -> string(i + 1);
            case 't' -> word(i, TRUE);
            case 'f' -> word(i, FALSE);
            case 'n' -> word(i, NULL);
            default -> number(i);
        };
    }

    private int word(int from, byte[] word) {
        int to = from + word.length;
        return is(word, from, to) ? to : GIVE_UP;
    }

    private int number(int from) {
        int whole = bytes[from] == '-' ? from + 1 : from;
        int i = digits(whole);
        if (i == whole || bytes[whole] == '0' && i > whole + 1) {
            return GIVE_UP;
        }
        if (bytes[i] == '.') {
            int fraction = i + 1;
            i = digits(fraction);
            if (i == fraction) {
                return GIVE_UP;
            }
        }
        if (bytes[i] == 'e' || bytes[i] == 'E') {
            int exponent = bytes[i + 1] == '-' || bytes[i + 1] == '+' ? i + 2 : i + 1;
            i = digits(exponent);
            if (i == exponent) {
                return GIVE_UP;
            }
        }
        return i - from > MAX_NUMBER ? GIVE_UP : i;
    }

    private int digits(int from) {
        int i = from;
        while (isDigit(bytes[i])) {
            i++;
        }
        return i;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** From behind the opening quote to behind the closing one. */
    private int string(int from) {
        escaped = false;
        asciiEscaped = false;
        int i = specials.next(from);
        while (bytes[i] == '\\') {
            i = escape(i + 1);
            if (i < 0) {
                return GIVE_UP;
            }
            i = specials.next(i);
        }
        return bytes[i] == '"' ? i + 1 : GIVE_UP;
    }

    /** From behind a backslash. */
    private int escape(int i) {
        escaped = true;
        switch (bytes[i]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
                return i + 1;
            case 'u':
                asciiEscaped |= bytes[i + 1] == '0' && bytes[i + 2] == '0';
                for (int k = 1; k <= 4; k++) {
                    if (Character.digit(bytes[i + k], 16) < 0) {
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
        return bytes[from] > ' ' ? from : pastSpace(from);
    }

    private int pastSpace(int from) {
        int i = from;
        while (bytes[i] == ' ' || bytes[i] == '\t') {
            i++;
        }
        return i;
    }

    /** Whether this stands there. */
    final boolean is(byte[] ascii, int from, int to) {
        if (to - from != ascii.length) {
            return false;
        }
        for (int k = 0; k < ascii.length; k++) { // shorter than what Arrays.equals is good at
            if (bytes[from + k] != ascii[k]) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
