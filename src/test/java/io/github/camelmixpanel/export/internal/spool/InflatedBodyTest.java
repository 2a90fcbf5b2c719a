package io.github.camelmixpanel.export.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InflatedBodyTest {

    private static final int BLOCK = InflatedBody.BLOCK_BYTES;

    private final InflatedBody.Memory memory = new InflatedBody.Memory();

    @AfterEach
    void hasGivenBackAll() {
        assertThat(memory.used()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, true",
        "1, 10, true",
        "65535, 10, true",
        "65536, 10, true",
        "65537, 10, true",
        "655360, 10, true",
        "655361, 10, false",
        "1000000, 10, false",
        "10, 0, false",
    })
    void givesWhatItWasFilledWithIfThatFits(int bytes, int blocks, boolean fits) throws Exception {
        byte[] body = random(bytes);
        try (InflatedBody kept = new InflatedBody(memory, (long) blocks * BLOCK)) {
            fill(kept, body);

            assertThat(kept.isWhole()).isEqualTo(fits);
            if (fits) {
                assertThat(memory.used()).isBetween((long) bytes, (long) bytes + BLOCK);
                assertThat(readAll(kept.read())).isEqualTo(body);
            }
            assertThat(memory.used()).isZero();
        }
    }

    @Test
    void givesBackWhatWasReadAndAtTheEndTheRest() throws Exception {
        InflatedBody kept = new InflatedBody(memory, 10 * BLOCK);
        fill(kept, random(3 * BLOCK));
        InputStream in = kept.read();
        in.readNBytes(BLOCK);

        assertThat(memory.used()).isEqualTo(2 * BLOCK);

        in.close();
        kept.close();
        kept.close();
    }

    @Test
    void leavesToOthersWhatTheyHave() throws Exception {
        byte[] body = random(4 * BLOCK);
        try (InflatedBody first = new InflatedBody(memory, 10 * BLOCK);
                InflatedBody second = new InflatedBody(memory, 6 * BLOCK);
                InflatedBody third = new InflatedBody(memory, 10 * BLOCK)) {
            fill(first, body);
            fill(second, body);
            fill(third, body);

            assertThat(second.isWhole()).isFalse();
            assertThat(readAll(first.read())).isEqualTo(body);
            assertThat(readAll(third.read())).isEqualTo(body);
        }
    }

    @Test
    void isNotWholeBeforeItsEnd() throws Exception {
        byte[] body = random(BLOCK + 1);
        try (InflatedBody kept = new InflatedBody(memory, 10 * BLOCK)) {
            kept.keep(new ByteArrayInputStream(body)).readNBytes(BLOCK);

            assertThat(kept.isWhole()).isFalse();
        }
    }

    private static void fill(InflatedBody kept, byte[] body) throws IOException {
        assertThat(readAll(kept.keep(new ByteArrayInputStream(body)))).isEqualTo(body);
    }

    /** In pieces of every kind. */
    private static byte[] readAll(InputStream in) throws IOException {
        Random random = new Random(1);
        byte[] all = new byte[2 << 20];
        int size = 0;
        for (int n; (n = in.read(all, size, 1 + random.nextInt(100_000))) >= 0; ) {
            size += n;
        }
        in.close();
        return Arrays.copyOf(all, size);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
