package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What the operators and casts of the {@code where} language give for each type of value.
 * Stateless.
 *
 * <p>A value is a {@code String}, {@code Double}, {@code Boolean}, {@code List} of values, an
 * {@link Absent}, or a {@code JsonNode} for an object. Documented on Mixpanel's page of
 * segmentation expressions, unless a method says assumed.
 */
final class WhereValues {

    enum Absent {
        NULL,
        UNDEFINED
    }

    static final Object UNDEFINED = Absent.UNDEFINED;

    private WhereValues() {}

    static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case NUMBER -> number(node.doubleValue());
            case BOOLEAN -> node.booleanValue();
            case ARRAY ->
                    StreamSupport.stream(node.spliterator(), false).map(WhereValues::of).toList();
            case NULL -> Absent.NULL;
            case MISSING -> UNDEFINED;
            default -> node;
        };
    }

    /** The sum of two numbers or strings, or the other operators on two numbers. */
    static Object arithmetic(String operator, Object left, Object right) {
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            return a + b;
        }
        if (!(left instanceof Double a && right instanceof Double b)) {
            return UNDEFINED;
        }
        return switch (operator) {
            case "+" -> number(a + b);
            case "-" -> number(a - b);
            case "*" -> number(a * b);
            case "/" -> b == 0 ? UNDEFINED : number(a / b);
            case "%" -> b == 0 ? UNDEFINED : number(a % b);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    /** Order of two numbers; two strings are not ordered (assumed). */
    static Object ordered(String operator, Object left, Object right) {
        if (!(left instanceof Double a && right instanceof Double b)) {
            return UNDEFINED;
        }
        return switch (operator) {
            case "<" -> a < b;
            case "<=" -> a <= b;
            case ">" -> a > b;
            case ">=" -> a >= b;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    /** Text in text, or a value in a list. */
    static Object in(Object left, Object right) {
        if (left instanceof String part && right instanceof String whole) {
            return whole.contains(part);
        }
        return right instanceof List<?> list && left != UNDEFINED
                ? (Object) list.contains(left)
                : UNDEFINED;
    }

    /** A side of {@code and} or {@code or}: undefined is false, and any other type an error. */
    static boolean truth(String operator, Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value == UNDEFINED) {
            return false;
        }
        throw new InvalidWhereException(
                "'" + operator + "' needs true or false on both sides, found " + value);
    }

    static Object not(Object value) {
        if (value == UNDEFINED) {
            return true;
        }
        return value instanceof Boolean truth ? (Object) !truth : UNDEFINED;
    }

    static Object minus(Object value) {
        return value instanceof Double number ? number(-number) : UNDEFINED;
    }

    /** Rounding of a number; {@code round} takes a half up (assumed). */
    static Object rounded(String function, Object value) {
        if (!(value instanceof Double number)) {
            return UNDEFINED;
        }
        return switch (function) {
            case "floor" -> number(Math.floor(number));
            case "ceil" -> number(Math.ceil(number));
            case "round" -> number(Math.floor(number + 0.5));
            default -> throw new IllegalArgumentException(function);
        };
    }

    static Object cast(String type, Object value) {
        return switch (type) {
            case "string" -> string(value);
            case "number" -> number(value);
            case "boolean" -> truthy(value);
            case "list" -> list(value);
            default -> throw new IllegalArgumentException(type);
        };
    }

    /**
     * Epoch seconds of ISO text or a number, so that {@code $time} and {@code time} compare with
     * it. A number of 1e11 or more is milliseconds: both units are seen in use (observed).
     */
    static Object datetime(Object value) {
        if (value instanceof Double number) {
            return number(EventTime.seconds(BigDecimal.valueOf(number)).doubleValue());
        }
        return value instanceof String text
                ? EventTime.seconds(text)
                        .<Object>map(seconds -> number(seconds.doubleValue()))
                        .orElse(UNDEFINED)
                : UNDEFINED;
    }

    static Double number(double value) {
        // -0.0 + 0.0 is 0.0, which Double.equals tells from -0.0
        return value + 0.0;
    }

    /** Lists and objects have no text (assumed). */
    private static Object string(Object value) {
        if (value instanceof Double number) {
            BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
            return decimal.toPlainString();
        }
        if (value instanceof Boolean truth) {
            return truth.toString();
        }
        return value instanceof String || value == Absent.NULL ? value : UNDEFINED;
    }

    private static Object number(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? 1.0 : 0.0;
        }
        if (value instanceof String text) {
            try {
                return number(new BigDecimal(text).doubleValue());
            } catch (NumberFormatException e) {
                return UNDEFINED;
            }
        }
        return value instanceof Double ? value : UNDEFINED;
    }

    /** Documented in the page of data types: these five are false, anything else is true. */
    private static Object truthy(Object value) {
        return !(value instanceof Absent
                || value.equals(false)
                || value.equals(0.0)
                || value.equals("")
                || value.equals("false"));
    }

    /** A value that is no list becomes a list of itself (assumed). */
    private static Object list(Object value) {
        return value instanceof List || value == UNDEFINED ? value : List.of(value);
    }
}
