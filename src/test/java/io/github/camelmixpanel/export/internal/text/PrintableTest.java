package io.github.camelmixpanel.export.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "'a\nb', a?b",
        "'a\r\nb', a??b",
        "'\u001b[31mred', ?[31mred",
        "'\u202egnp.exe', ?gnp.exe",
        "'a\u2028b', a?b",
        "'a\ud800b', a?b",
        "'購入 \ud83d\ude00 é', '購入 \ud83d\ude00 é'"
    })
    void replacesWhatIsNotPrinted(String text, String printable) {
        assertThat(Printable.name(text)).isEqualTo(printable);
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(Printable.of("\ud83d\ude00".repeat(3), 2)).isEqualTo("\ud83d\ude00\ud83d\ude00");
        assertThat(Printable.name("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(Printable.name("x".repeat(101))).isEqualTo("x".repeat(100) + "…");
    }
}
