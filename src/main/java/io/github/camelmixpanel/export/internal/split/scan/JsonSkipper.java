package io.github.camelmixpanel.export.internal.split.scan;

import java.nio.charset.StandardCharsets;

/**
 * Skips over the JSON of a line, and accepts only what a full JSON parser accepts; it gives up at
 * the first element that is wrong or rare.
 *
 * <p>Each method takes the position where an element begins and returns the position behind it, or
 * {@link #GIVE_UP}. A method that gets {@link #GIVE_UP} as position throws {@code
 * ArrayIndexOutOfBoundsException}, and so may one where the line ends too early; or it goes on with
 * the bytes behind the line, and returns a position behind its end. The array access compares each
 * position with the length of the array anyway, and a second comparison, with the end of the line,
 * took a third of the time: the caller makes it once, behind the last element. In strings, control
 * characters and bytes above 0x7F are skipped unchecked. Not thread-safe.
 */
class JsonSkipper {

    static final int GIVE_UP = Integer.MIN_VALUE; // not a position, nor is the one behind it

    private static final int MAX_NAME = 1000;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_EXPONENT = 9; // digits: any such one fits a BigDecimal
    private static final int MAX_LEVEL = Long.SIZE;

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");

    byte[] bytes;
    private final StringEndBitmap stringEnds = new StringEndBitmap();

    /** Whether the string passed last has an escape. */
    boolean escaped;

    /** Whether it has an escape that may stand for an ASCII letter, digit or other character. */
    private boolean asciiEscaped;

    /** Begins with the bytes from {@code start} to before {@code end}. */
    final void begin(byte[] newBytes, int start, int end) {
        bytes = newBytes;
        stringEnds.find(newBytes, start, end);
    }

    final int value(int i) {
        byte first = bytes[i];
        return first == '{' || first == '[' ? nested(i) : plain(i);
    }

    /**
     * From the first letter of a name to its closing quote. Between them is the name itself, or one
     * with escapes that no wanted name has.
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
     * <p>One loop instead of mutually recursive methods, which the compiler would inline into each
     * other, a level or two deep, and into their callers.
     */
    private int nested(int start) {
        long objects = 0; // a bit per level, the innermost lowest: whether it is an object
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

    /** A value that is neither object nor array. */
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
            if (i == exponent || i - exponent > MAX_EXPONENT) {
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
        int i = stringEnds.next(from);
        while (bytes[i] == '\\') {
            i = escape(i + 1);
            if (i < 0) {
                return GIVE_UP;
            }
            i = stringEnds.next(i);
        }
        return i + 1;
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

    /** Mixpanel sends no spaces between elements, so this is mostly one comparison. */
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

    /** Whether these characters are exactly there. */
    final boolean is(byte[] ascii, int from, int to) {
        if (to - from != ascii.length) {
            return false;
        }
        for (int k = 0; k < ascii.length; k++) { // too short for Arrays.equals to pay
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
