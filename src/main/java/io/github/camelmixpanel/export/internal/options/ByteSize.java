package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.failure.InvalidOptionException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes in readable form: {@code 8MB}, {@code 20 GB}, {@code 4096}. One KB is 1024
 * bytes.
 */
final class ByteSize {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ?(B|KB|MB|GB|TB)?");
    private static final Map<String, Integer> SHIFT =
            Map.of("B", 0, "KB", 10, "MB", 20, "GB", 30, "TB", 40);

    private ByteSize() {}

    /**
     * @param min the smallest size allowed, in bytes
     * @param max the largest
     * @param bounds both for messages
     * @throws IllegalArgumentException when the text is not a size, or out of bounds
     */
    static long parse(String option, String text, long min, long max, String bounds) {
        Matcher matcher = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            int shift = matcher.group(2) == null ? 0 : SHIFT.get(matcher.group(2));
            if (number >= min && number <= max >> shift) {
                return number << shift;
            }
        }
        throw new InvalidOptionException(
                option,
                text,
                "a size from %s, in bytes or with a unit: 8388608, 512KB, 8MB, 20GB"
                        .formatted(bounds));
    }
}
