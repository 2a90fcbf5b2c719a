package io.github.camelmixpanel.export.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {

    private static final String SECRET = "s3cr&t/+ \"key\"";

    private final Mask mask = new Mask(List.of(SECRET, "short"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                SECRET,
                "S3CR&T/+ \"KEY\"",
                "s3cr&amp;t/+ \"key\"",
                "s3cr%26t%2F%2B+%22key%22",
                "s3cr%26t%2f%2b%20%22key%22",
                "s3cr&t/+ \\\"key\\\"",
                "s3cr&t\\/+ \"key\"",
                "s3cr&t\\/+ \\\"key\\\"",
                "s3cr&t/+ \\\\\\\"key\\\\\\\"",
                "s3cr&amp;t\\/+ \\\"key\\\"",
                "s3cr&amp;t/+ &quot;key&quot;",
                "czNjciZ0Lysg",
                "czNjciZ0LysgImtleSI=",
                "czNjciZ0LysgImtleSI",
                "s3cr&t/+"
            })
    void hidesASecretHoweverItIsWritten(String form) {
        assertThat(mask.apply("Authorization: " + form + "; twice: " + form))
                .isEqualTo("Authorization: ***; twice: ***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cr&t/", "short", "no secret", "czNjciZ"})
    void leavesOtherText(String text) {
        assertThat(mask.apply(text)).isEqualTo(text);
    }

    @Test
    void hidesTheLongestOfTwo() {
        assertThat(new Mask(List.of("12345678", "1234567890")).apply("a1234567890b"))
                .isEqualTo("a***b");
    }
}
