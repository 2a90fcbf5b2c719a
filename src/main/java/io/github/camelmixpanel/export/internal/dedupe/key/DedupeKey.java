package io.github.camelmixpanel.export.internal.dedupe.key;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * Identifies an event: two lines with equal keys are the same event.
 *
 * <p>It is the first 128 bits of a SHA-256; see {@link KeyMaker} for what is hashed. Immutable.
 *
 * @param high the first 64 bits
 * @param low the other 64 bits
 * @param keyDay the calendar day of the event's raw time, in days since 1970-01-01, or {@link
 *     #UNDATED}; it follows from the event, so equal hashes have equal days
 */
public record DedupeKey(long high, long low, int keyDay) {

    /** The key day of events without a time, or with one outside the years 0 to 9999. */
    public static final int UNDATED = Integer.MIN_VALUE;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int HEX_DIGITS = 16;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long FIRST_DAY = LocalDate.of(0, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    /**
     * @throws IllegalArgumentException when {@code keyDay} is neither a day of the years 0 to 9999
     *     nor {@link #UNDATED}
     */
    public DedupeKey {
        if (keyDay != UNDATED && !isDay(keyDay)) {
            throw new IllegalArgumentException(
                    "Key day " + keyDay + " is outside the years 0 to 9999");
        }
    }

    /** The key day of a raw time in seconds; null for none. */
    static int dayOf(Long rawTimeSeconds) {
        if (rawTimeSeconds == null) {
            return UNDATED;
        }
        long day = Math.floorDiv(rawTimeSeconds, SECONDS_PER_DAY);
        return isDay(day) ? (int) day : UNDATED;
    }

    public static int dayOf(LocalDate day) {
        return Math.toIntExact(day.toEpochDay());
    }

    /** The key as 32 lower-case hexadecimal digits. */
    public String hex() {
        byte[] digits = new byte[2 * HEX_DIGITS];
        putHex(high, digits, 0);
        putHex(low, digits, HEX_DIGITS);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    private static void putHex(long number, byte[] digits, int start) {
        for (int i = 0; i < HEX_DIGITS; i++) {
            digits[start + i] = DIGITS[(int) (number >>> 4 * (HEX_DIGITS - 1 - i)) & 0xf];
        }
    }

    private static boolean isDay(long day) {
        return day >= FIRST_DAY && day <= LAST_DAY;
    }
}
