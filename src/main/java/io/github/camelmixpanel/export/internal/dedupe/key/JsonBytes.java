package io.github.camelmixpanel.export.internal.dedupe.key;

import io.github.camelmixpanel.export.internal.text.Swar;

/**
 * Skips over the JSON of a line that was checked before. Where it ends too early, each method
 * throws {@code ArrayIndexOutOfBoundsException}. Stateless.
 */
final class JsonBytes {

    private static final long QUOTES = Swar.allOf('"');
    private static final long BACKSLASHES = Swar.allOf('\\');

    private JsonBytes() {}

    /** The next byte that is no space. */
    static int space(byte[] line, int from) {
        int i = from;
        while (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
            i++;
        }
        return i;
    }

    /** From the first byte of a string to its closing quote. */
    static int stringEnd(byte[] line, int from) {
        int i = from;
        while (true) {
            while (i <= line.length - Swar.LENGTH) {
                long eight = Swar.at(line, i);
                long found = Swar.find(eight, QUOTES) | Swar.find(eight, BACKSLASHES);
                if (found != 0) {
                    i += Swar.first(found);
                    break;
                }
                i += Swar.LENGTH;
            }
            byte b = line[i];
            if (b == '"') {
                return i;
            }
            i += b == '\\' ? 2 : 1;
        }
    }

    /** From the first byte of a value to the one behind it. */
    static int valueEnd(byte[] line, int from) {
        byte first = line[from];
        if (first == '"') {
            return stringEnd(line, from + 1) + 1;
        }
        int i = from;
        if (first != '{' && first != '[') {
            do {
                i++;
            } while (!ends(line[i]));
            return i;
        }
        int levels = 0;
        do {
            switch (line[i]) {
                case '"' -> i = stringEnd(line, i + 1);
                case '[', '{' -> levels++;
                case ']', '}' -> levels--;
                default -> {}
            }
            i++;
        } while (levels > 0);
        return i;
    }

    private static boolean ends(byte b) {
        return b == ',' || b == '}' || b == ' ' || b == '\t' || b == '\r';
    }
}
