package io.github.camelmixpanel.export.internal.text;

/**
 * One line that forges no other line of a log, hides nothing and is not endless, from any text:
 * control and format characters, such as line feeds, ESC and right-to-left marks, become escapes.
 */
public final class Printable {

    private static final int NAME_LENGTH = 100;

    private Printable() {}

    /** For a name or an id, or null: at most 100 characters of it. */
    public static String name(String text) {
        return of(String.valueOf(text), NAME_LENGTH);
    }

    /**
     * @param atMost how many characters of the text to keep, before escapes
     */
    public static String of(String text, int atMost) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .limit(atMost)
                .forEach(
                        c -> {
                            if (isPrintable(c)) {
                                printable.appendCodePoint(c);
                            } else {
                                printable.append("\\u%04X".formatted(c));
                            }
                        });
        return text.codePointCount(0, text.length()) > atMost
                ? printable.append('…').toString()
                : printable.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
        };
    }
}
