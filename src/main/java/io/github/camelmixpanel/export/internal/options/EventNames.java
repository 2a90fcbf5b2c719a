package io.github.camelmixpanel.export.internal.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.failure.InvalidOptionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The option {@code events}: a comma list, or a JSON array, recognized by its leading {@code [}.
 */
final class EventNames {

    private static final String OPTION = "events";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private EventNames() {}

    /**
     * The names in their order, without repeats; empty for null.
     *
     * @throws IllegalArgumentException when a name is empty or holds a control character, or the
     *     array is malformed
     */
    static List<String> parse(String text) {
        if (text == null) {
            return List.of();
        }
        List<String> names = text.startsWith("[") ? fromArray(text) : fromList(text);
        for (String name : names) {
            if (name.isBlank()) {
                throw new InvalidOptionException(OPTION, text, "a list without empty names");
            }
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw InvalidOptionException.hidingValues(
                        "Option events holds a control character, such as a line end, in a name; remove it");
            }
        }
        return names.stream().distinct().toList();
    }

    private static List<String> fromList(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static List<String> fromArray(String text) {
        List<String> names = new ArrayList<>();
        try {
            JSON.readTree(text).forEach(name -> names.add(name.textValue()));
        } catch (JsonProcessingException e) {
            // reported below, with the allowed form
        }
        if (names.isEmpty() || names.contains(null)) {
            throw new InvalidOptionException(
                    OPTION,
                    text,
                    "a comma list, or, as it begins with [, a JSON array of one or more names: [\"Sign Up\",\"[A] Buy\"]");
        }
        return names;
    }
}
