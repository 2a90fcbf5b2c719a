package io.github.camelmixpanel.export.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhereExpressionTest {

    private static final String EVENT =
            """
            {"event":"Signed up","properties":{"time":1767268800,"distinct_id":"u1","plan":"free",
            "n":7,"neg":-7,"half":2.5,"zero":0,"yes":true,"no":false,"nil":null,"empty":"",
            "falseText":"false","number":"12.5","list":["a","b",3],"obj":{"k":1},
            "quoted":"say \\"hi\\"","iso":"2026-01-01T12:00:00",
            "mp_processing_time_ms":1767268900000,
            "and":"keyword"}}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // literals and properties
                "true",
                "TRUE",
                "properties[\"yes\"]",
                "properties[\"plan\"] == \"free\"",
                "properties[\"quoted\"] == \"say \\\"hi\\\"\"",
                "\"\\u0041\" == \"A\"",
                "properties[\"and\"] == \"keyword\"",
                "properties[\"half\"] == 2.5",
                "1e2 == 100",
                // precedence
                "true or false and false",
                "(true or false) and true",
                "not false and true",
                "not (true and false)",
                "not not true",
                "not 1 == 2",
                "not \"x\" in properties[\"plan\"]",
                "true or not true",
                "1 + 2 * 3 == 7",
                "(1 + 2) * 3 == 9",
                "10 - 4 - 3 == 3",
                "24 / 4 / 2 == 3",
                "-2 + 5 == 3",
                "2 * -3 == -6",
                "- - 3 == 3",
                "1 + 1 in [2]",
                "1 < 2 == true",
                "not 3 > 2 > 1",
                "true AND true Or false",
                // equality never mixes types, and != is its exact negation
                "properties[\"n\"] == 7.0",
                "properties[\"n\"] != \"7\"",
                "properties[\"yes\"] != 1",
                "properties[\"missing\"] != \"x\"",
                "properties[\"list\"] != \"a\"",
                "0 == -0",
                // order
                "properties[\"n\"] > 6 and properties[\"n\"] >= 7 and properties[\"n\"] < 8"
                        + " and properties[\"n\"] <= 7",
                "not properties[\"n\"] > \"6\"",
                "not \"a\" < \"b\"",
                // in
                "\"re\" in properties[\"plan\"]",
                "properties[\"plan\"] in [\"paid\",\"free\"]",
                "properties[\"neg\"] in [1,-7]",
                "\"a\" in properties[\"list\"]",
                "3 in list(properties[\"list\"])",
                "\"free\" in list(properties[\"plan\"])",
                "not (\"z\" in (properties[\"list\"]))",
                "not 7 in \"77\"",
                "not properties[\"n\"] in []",
                // arithmetic outside of its types is undefined
                "\"a\" + \"b\" == \"ab\"",
                "not defined(\"a\" + 1)",
                "not defined(1 / 0)",
                "not defined(1 % 0)",
                "not defined(-\"a\")",
                "7 % 3 == 1",
                "-7 % 3 == -1",
                // undefined
                "not properties[\"missing\"]",
                "not (properties[\"missing\"] > 1)",
                "properties[\"missing\"] or true",
                "not (properties[\"missing\"] and true)",
                "not defined(not 1)",
                "not defined(properties[\"missing\"] in [1])",
                // defined
                "defined(properties[\"plan\"])",
                "(defined (properties[\"plan\"]))",
                "defined properties[\"plan\"] and true",
                "not defined properties[\"missing\"]",
                "(not defined (properties[\"missing\"]))",
                "defined(properties[\"nil\"])",
                // casts
                "string(7) == \"7\" and string(2.50) == \"2.5\" and string(true) == \"true\"",
                "string(1767268900000) == \"1767268900000\"",
                "string(\"a\") == \"a\"",
                "not defined(string(properties[\"missing\"]))",
                "string(properties[\"missing\"], \"none\") == \"none\"",
                "string(properties[\"plan\"], \"none\") == \"free\"",
                "number(\"12.5\") == 12.5",
                "number(true) == 1 and number(false) == 0",
                "not defined(number(\"x\")) and not defined(number(properties[\"nil\"]))",
                "number(properties[\"mp_processing_time_ms\"]) < 1790000000000",
                "(boolean(properties[\"yes\"]) == true)",
                "boolean(\"false\") == false and boolean(\"\") == false and boolean(0) == false",
                "boolean(properties[\"nil\"]) == false and boolean(properties[\"gone\"]) == false",
                "boolean(\"true\") and boolean(\"x\") and boolean(5)",
                "floor(2.7) == 2 and ceil(2.2) == 3 and round(2.5) == 3 and round(2.4) == 2",
                "floor(-2.5) == -3",
                "not defined(floor(\"2\"))",
                // time
                "event[\"$time\"] >= datetime(\"2026-01-01T12:00:00\")",
                "not event[\"$time\"] > datetime(\"2026-01-01T12:00:00\")",
                "properties[\"$time\"]>=datetime(1767268800)",
                "properties[\"$time\"] == datetime(1767268800000)",
                "properties[\"time\"] < datetime(\"2026-01-02\")",
                "datetime(properties[\"iso\"]) == event[\"$time\"]",
                "datetime(\"2026-01-01T14:00:00+02:00\") == event[\"$time\"]",
                "not defined(datetime(\"soon\"))",
                "not defined(datetime(true))",
                // names that stand for others
                "event[\"$event_name\"] == \"Signed up\"",
                "properties[\"$event_name\"] == \"Signed up\"",
                "properties[\"$distinct_id\"] == \"u1\"",
            })
    void letsTheEventThrough(String expression) {
        assertThat(matches(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "1",
                "\"true\"",
                "properties[\"missing\"]",
                "properties[\"missing\"] == \"x\"",
                "properties[\"n\"] == \"7\"",
                "properties[\"n\"] > \"6\"",
                "\"a\" < \"b\"",
                "(true or true) and false",
                "not (true or false)",
                "\"z\" in properties[\"list\"]",
                "not 1",
                "defined(properties[\"missing\"])",
            })
    void holdsTheEventBack(String expression) {
        assertThat(matches(expression)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "properties",
                "properties[plan]",
                "properties[\"plan\"",
                "properties[\"plan\"] = \"free\"",
                "properties[\"plan\"] == 'free'",
                "properties[\"plan\"] == \"free",
                "properties[\"obj\"][\"k\"] == 1",
                "properties.plan == \"free\"",
                "\"x\" not in properties[\"plan\"]",
                "properties[\"nil\"] == null",
                "properties[\"plan\"] contains \"f\"",
                "user[\"$email\"] == \"a\"",
                "event[\"plan\"] == \"free\"",
                "any(X, properties[\"list\"], X == \"a\")",
                "datetime(2026, 1, 1)",
                "lower(\"A\")",
                "1 ==",
                "(1 == 1",
                "1 == 1)",
                "1 in [1,]",
                "1 in [-\"a\"]",
                "1 in [properties[\"n\"]]",
                "\"\\x\"",
                "true true",
            })
    void refusesWhatItDoesNotUnderstand(String expression) {
        assertThatThrownBy(() -> WhereExpression.parse(expression))
                .isInstanceOf(InvalidWhereException.class);
    }

    @Test
    void saysWhatWasExpectedAndWhere() {
        assertThatThrownBy(() -> WhereExpression.parse("properties[plan] == 1"))
                .hasMessage("expected a name in double quotes at position 11, found 'plan'");
    }

    @Test
    void refusesAnExpressionNestedTooDeep() {
        assertThatThrownBy(
                        () -> WhereExpression.parse("(".repeat(5000) + "true" + ")".repeat(5000)))
                .isInstanceOf(InvalidWhereException.class)
                .hasMessageContaining("deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true and 1", "\"x\" or true", "properties[\"nil\"] or true"})
    void failsOnAndOrOfAnythingButTruthAndUndefined(String expression) {
        assertThatThrownBy(() -> matches(expression)).isInstanceOf(InvalidWhereException.class);
    }

    private static boolean matches(String expression) {
        StoredEvent event = StoredEvent.parse(EVENT.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        return WhereExpression.parse(expression).matches(event);
    }
}
