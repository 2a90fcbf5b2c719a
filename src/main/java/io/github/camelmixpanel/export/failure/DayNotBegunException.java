package io.github.camelmixpanel.export.failure;

/**
 * Mixpanel rejected a day because it has not begun in the project's time zone: the day waits, and
 * the export continues with the others. The option {@code timeZone} is wrong, or a clock.
 */
public final class DayNotBegunException extends ExportException {

    private static final long serialVersionUID = 1L;

    public DayNotBegunException(String message) {
        super(message, null);
    }

    /** The other days have begun. */
    @Override
    public boolean isTooLarge() {
        return true;
    }
}
