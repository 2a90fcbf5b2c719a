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

    /** What is read once more comes from the source: all that does not fit. */
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0",
        "1, 10, 0",
        "65535, 10, 0",
        "65536, 10, 0",
        "65537, 10, 0",
        "655360, 10, 0",
        "655361, 10, 65536",
        "1000000, 10, 393216",
        "1245184, 10, 589824",
        "1245185, 10, 1245185",
        "100000, 1, 100000",
        "100000, 0, 100000",
    })
    void givesWhatItWasFilledWith(int bytes, int blocks, int readAgain) throws Exception {
        byte[] body = random(bytes);
        try (InflatedBody kept = new InflatedBody(memory, (long) blocks * BLOCK)) {
            fill(kept, body);

            assertThat(memory.used()).isLessThanOrEqualTo((long) blocks * BLOCK);
            Counting source = new Counting(body);
            assertThat(readAll(kept.read(source))).isEqualTo(body);
            assertThat(source.read).isEqualTo(readAgain);
            assertThat(memory.used()).isZero();
        }
    }

    @Test
    void givesBackWhatWasNotRead() throws Exception {
        InflatedBody kept = new InflatedBody(memory, 10 * BLOCK);
        fill(kept, random(3 * BLOCK));
        InputStream in = kept.read(new Counting(new byte[0]));
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
                InflatedBody third = new InflatedBody(memory, 6 * BLOCK)) {
            fill(first, body);
            fill(second, body);
            fill(third, body);

            assertThat(memory.used()).isEqualTo(6 * BLOCK);
            Counting source = new Counting(body);
            assertThat(readAll(second.read(source))).isEqualTo(body);
            assertThat(source.read).isEqualTo(2 * BLOCK);
            source = new Counting(body);
            assertThat(readAll(third.read(source))).isEqualTo(body);
            assertThat(source.read).isEqualTo(4 * BLOCK);
        }
    }

    @Test
    void isNotReadUnlessItCameToItsEnd() throws Exception {
        byte[] body = random(BLOCK + 1);
        try (InflatedBody kept = new InflatedBody(memory, 10 * BLOCK)) {
            kept.keep(new Counting(body)).readNBytes(BLOCK);

            assertThat(readAll(kept.read(new Counting(body)))).isEqualTo(body);
            assertThat(memory.used()).isEqualTo(BLOCK);
        }
    }

    private static void fill(InflatedBody kept, byte[] body) throws IOException {
        assertThat(readAll(kept.keep(new Counting(body)))).isEqualTo(body);
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

    private static final class Counting extends ByteArrayInputStream {

        private int read;

        private Counting(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] b, int off, int len) {
            int n = super.read(b, off, len);
            read += Math.max(0, n);
            return n;
        }
    }
}
