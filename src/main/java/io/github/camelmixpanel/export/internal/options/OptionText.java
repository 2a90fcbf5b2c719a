package io.github.camelmixpanel.export.internal.options;

/** Option text as a user gives it: an empty text counts as not given. */
public final class OptionText {

    private OptionText() {}

    /** The text without surrounding blanks, or null if nothing else is left. */
    public static String given(String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
