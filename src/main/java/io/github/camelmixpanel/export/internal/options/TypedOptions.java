package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.failure.InvalidOptionException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Rejects text that is not a number, time or choice where an option is one; Camel would silently
 * read most of it as 0, or not name the allowed values.
 */
public final class TypedOptions {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern TIME =
            Pattern.compile(
                    "-?[0-9]{1,18}|(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?|-?P.+");

    private TypedOptions() {}

    /**
     * @param parameters of an endpoint URI
     * @param typeOf the type of an option, or null where there is none of that name
     * @throws IllegalArgumentException at the first option that is wrong
     */
    public static void check(Map<String, Object> parameters, Function<String, Object> typeOf) {
        parameters.forEach(
                (option, value) -> {
                    if (value instanceof String text && !text.startsWith("#")) {
                        Object type = typeOf.apply(option);
                        if ((type == int.class || type == Integer.class)
                                && !NUMBER.matcher(text).matches()) {
                            throw new InvalidOptionException(
                                    option, text, "a whole number of at most 9 digits");
                        }
                        if (type == long.class && !TIME.matcher(text).matches()) {
                            throw new InvalidOptionException(
                                    option, text, "a time such as 500ms, 30s, 10m or 2h30m");
                        }
                        if (type instanceof Class<?> choice && choice.isEnum()) {
                            checkChoice(option, text, choice.getEnumConstants());
                        }
                    }
                });
    }

    private static void checkChoice(String option, String text, Object[] allowed) {
        if (Arrays.stream(allowed).noneMatch(it -> it.toString().equalsIgnoreCase(text))) {
            throw new InvalidOptionException(
                    option,
                    text,
                    Arrays.stream(allowed).map(Object::toString).collect(Collectors.joining(", ")));
        }
    }
}
