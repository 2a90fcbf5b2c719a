package io.github.camelmixpanel.export.internal.text;

/**
 * One line that forges no other line of a log, hides nothing and is not endless, from any text:
 * {@code ?} stands for control and format characters, such as line feeds, ESC and right-to-left
 * marks.
 */
public final class Printable {

    private static final int NAME_LENGTH = 100;

    private Printable() {}

    /** For a name or an id, or null: at most 100 characters of it. */
    public static String name(String text) {
        String name = String.valueOf(text);
        String start = of(name, NAME_LENGTH);
        return name.codePointCount(0, name.length()) > NAME_LENGTH ? start + '…' : start;
    }

    /**
     * @param atMost how many characters of the text to keep
     */
    public static String of(String text, int atMost) {
        return text.codePoints()
                .limit(atMost)
                .map(c -> isPrintable(c) ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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
