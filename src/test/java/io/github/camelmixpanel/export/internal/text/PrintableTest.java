package io.github.camelmixpanel.export.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "'a\nb', a\\u000Ab",
        "'a\r\nb', a\\u000D\\u000Ab",
        "'\u001b[31mred', \\u001B[31mred",
        "'\u202egnp.exe', \\u202Egnp.exe",
        "'a\u2028b', a\\u2028b",
        "'a\ud800b', a\\uD800b",
        "'購入 \ud83d\ude00 é', '購入 \ud83d\ude00 é'"
    })
    void escapesWhatIsNotPrinted(String text, String printable) {
        assertThat(Printable.name(text)).isEqualTo(printable);
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(Printable.of("\ud83d\ude00".repeat(3), 2))
                .isEqualTo("\ud83d\ude00\ud83d\ude00…");
        assertThat(Printable.name("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(Printable.name("x".repeat(101))).isEqualTo("x".repeat(100) + "…");
    }
}
