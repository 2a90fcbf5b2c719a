package io.github.camelmixpanel.export.internal.spool;

import static io.github.camelmixpanel.export.internal.spool.GzipBytes.COMMENT;
import static io.github.camelmixpanel.export.internal.spool.GzipBytes.EXTRA;
import static io.github.camelmixpanel.export.internal.spool.GzipBytes.HEADER_CRC;
import static io.github.camelmixpanel.export.internal.spool.GzipBytes.NAME;
import static io.github.camelmixpanel.export.internal.spool.GzipBytes.TEXT;
import static io.github.camelmixpanel.export.internal.spool.GzipBytes.concat;
import static io.github.camelmixpanel.export.internal.spool.GzipBytes.gzip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipInputStreamTest {

    private static final byte[] FIRST = "{\"event\":\"a\"}\n".repeat(20).getBytes(UTF_8);
    private static final byte[] SECOND = "{\"event\":\"bé\"}\n".getBytes(UTF_8);
    private static final byte[] BOTH = concat(FIRST, SECOND);
    private static final byte[] TWO_MEMBERS = concat(gzip(FIRST), gzip(SECOND));

    @Test
    void readsEveryMember() throws Exception {
        assertThat(gunzip(TWO_MEMBERS)).isEqualTo(BOTH);
    }

    @Test
    void readsTwoMembersFromAStreamThatGivesOneByteAtATimeAndHasNothingAvailable()
            throws Exception {
        InputStream socket =
                new ByteArrayInputStream(TWO_MEMBERS) {
                    @Override
                    public synchronized int read(byte[] b, int off, int len) {
                        return super.read(b, off, Math.min(1, len));
                    }

                    @Override
                    public synchronized int available() {
                        return 0;
                    }
                };
        try (GunzipInputStream in = new GunzipInputStream(socket)) {
            assertThat(in.readAllBytes()).isEqualTo(BOTH);
        }
    }

    @Test
    void readsSingleBytes() throws Exception {
        try (GunzipInputStream in = new GunzipInputStream(new ByteArrayInputStream(TWO_MEMBERS))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int b; (b = in.read()) >= 0; ) {
                out.write(b);
            }
            assertThat(out.toByteArray()).isEqualTo(BOTH);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void readsABodyManyTimesItsBuffer() throws Exception {
        byte[] noise = new byte[1_000_000];
        new Random(7).nextBytes(noise);

        assertThat(gunzip(concat(gzip(noise), gzip(noise)))).isEqualTo(concat(noise, noise));
    }

    @Test
    void refusesABodyWithoutASingleByte() {
        assertThatThrownBy(() -> gunzip(new byte[0]))
                .isInstanceOf(GzipException.class)
                .hasMessageContaining("is empty and lacks even a header");
    }

    @Test
    void readsMembersThatHoldNothing() throws Exception {
        byte[] empty = gzip(new byte[0]);

        assertThat(gunzip(empty)).isEmpty();
        assertThat(gunzip(concat(empty, gzip(SECOND), empty))).isEqualTo(SECOND);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                TEXT,
                EXTRA,
                NAME,
                COMMENT,
                HEADER_CRC,
                TEXT | EXTRA | NAME | COMMENT,
                EXTRA | NAME | COMMENT | HEADER_CRC
            })
    void readsEveryOptionalHeaderField(int flags) throws Exception {
        byte[] body = gzip(SECOND, flags);

        assertThat(gunzip(body)).isEqualTo(SECOND);
        assertThat(gunzip(concat(body, body))).isEqualTo(concat(SECOND, SECOND));
        refusesEveryCut(body, body.length);
    }

    @Test
    void refusesAHeaderWithAWrongCrc() {
        byte[] body = gzip(SECOND, NAME | HEADER_CRC);
        body[10] ^= 1; // in the name

        assertThatThrownBy(() -> gunzip(body))
                .isInstanceOf(GzipException.class)
                .hasMessageContaining("header CRC-16");
    }

    @Test
    void refusesABodyCutAnywhereButBetweenMembers() {
        refusesEveryCut(TWO_MEMBERS, gzip(FIRST).length);
    }

    @Test
    void saysWhereABodyWasCut() {
        byte[] body = gzip(FIRST);

        assertThatThrownBy(() -> gunzip(Arrays.copyOf(body, body.length - 5)))
                .hasMessage("gzip body ends inside its trailer, after 3 of 8 bytes");
        assertThatThrownBy(() -> gunzip(Arrays.copyOf(body, body.length - 8)))
                .hasMessage("gzip body ends inside its trailer, after 0 of 8 bytes");
        assertThatThrownBy(() -> gunzip(Arrays.copyOf(body, 20)))
                .hasMessage("gzip body ends inside its compressed data, after 20 bytes");
        assertThatThrownBy(() -> gunzip(Arrays.copyOf(body, 7)))
                .hasMessage("gzip body ends inside a header, after 7 bytes");
    }

    @Test
    void refusesAWrongCrcAndAWrongLength() {
        byte[] body = gzip(FIRST);
        byte[] wrongCrc = body.clone();
        wrongCrc[body.length - 8] ^= 1;
        byte[] wrongLength = body.clone();
        wrongLength[body.length - 4] ^= 1;

        assertThatThrownBy(() -> gunzip(wrongCrc)).hasMessageContaining("CRC-32");
        assertThatThrownBy(() -> gunzip(wrongLength))
                .hasMessage("gzip member has 280 bytes, expected 281 (modulo 2^32)");
    }

    @Test
    void refusesWhatFollowsATrailerAndIsNoMember() {
        for (byte[] tail :
                new byte[][] {
                    {0}, new byte[512], {0x1f}, {0x1f, 0}, {'\n'}, "export".getBytes(UTF_8)
                }) {
            assertThatThrownBy(() -> gunzip(concat(gzip(FIRST), tail)))
                    .as("tail %s", Arrays.toString(tail))
                    .isInstanceOf(GzipException.class);
        }
    }

    @Test
    void refusesWhatIsNoGzip() {
        assertThatThrownBy(() -> gunzip(FIRST))
                .isInstanceOf(GzipException.class)
                .hasMessage("not gzip: begins with 7b 22 instead of 1f 8b");
        byte[] unknownMethod = gzip(FIRST);
        unknownMethod[2] = 7;
        assertThatThrownBy(() -> gunzip(unknownMethod)).hasMessageContaining("method 7");
        byte[] reservedFlag = gzip(FIRST);
        reservedFlag[3] = 0x40;
        assertThatThrownBy(() -> gunzip(reservedFlag)).hasMessageContaining("reserved flags");
    }

    @Test
    void noticesEverySingleFlippedBitThatChangesTheBody() {
        byte[] body = concat(gzip(FIRST, EXTRA | NAME | COMMENT | HEADER_CRC), gzip(SECOND));
        int refused = 0;
        for (int bit = 0; bit < body.length * 8; bit++) {
            byte[] flipped = body.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused += refusedOrSame(flipped, "bit " + bit);
        }
        assertThat(refused).isGreaterThan(body.length * 8 / 2);
    }

    @Test
    void noticesEveryRandomMutationThatChangesTheBody() {
        byte[] body = gzip(BOTH); // of two, one could be doubled unnoticed
        int refused = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            refused += refusedOrSame(mutate(body, new Random(seed)), "seed " + seed);
        }
        assertThat(refused).isGreaterThan(1_500);
    }

    @Test
    void refusesABodyThatInflatesBeyondReason() throws Exception {
        byte[] small = bomb(60);
        byte[] large = bomb(70);

        assertThat(inflatedBytes(small)).as("so much may come out of any").isEqualTo(60L << 20);
        assertThatThrownBy(() -> inflatedBytes(large))
                .isInstanceOf(GzipException.class)
                .hasMessageEndingWith(" bytes more than 500 times; no export does");
    }

    private static byte[] bomb(int megabytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < megabytes; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        return bytes.toByteArray();
    }

    private static long inflatedBytes(byte[] body) throws IOException {
        try (GunzipInputStream in = new GunzipInputStream(new ByteArrayInputStream(body))) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    @Test
    void staysBrokenOnceItIsBroken() throws Exception {
        byte[] cut = Arrays.copyOf(TWO_MEMBERS, gzip(FIRST).length - 3);
        try (GunzipInputStream in = new GunzipInputStream(new ByteArrayInputStream(cut))) {
            in.readNBytes(FIRST.length);
            assertThatThrownBy(in::read).isInstanceOf(GzipException.class);
            assertThatThrownBy(in::read).isInstanceOf(GzipException.class);
        }
    }

    @Test
    void doesNotEndCleanlyAfterItsSourceFailed() throws Exception {
        InputStream failsThenEnds =
                new InputStream() {
                    private boolean failed;

                    @Override
                    public int read() throws IOException {
                        if (failed) {
                            return -1;
                        }
                        failed = true;
                        throw new SocketTimeoutException("Read timed out");
                    }
                };
        try (GunzipInputStream in = new GunzipInputStream(failsThenEnds)) {
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void cannotBeReadOnceItIsClosed() throws Exception {
        GunzipInputStream in = new GunzipInputStream(new ByteArrayInputStream(TWO_MEMBERS));
        in.close();
        in.close();

        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("Stream closed");
    }

    private static void refusesEveryCut(byte[] body, int memberEnd) {
        for (int length = 1; length < body.length; length++) {
            if (length == memberEnd) {
                continue;
            }
            byte[] cut = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> gunzip(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(GzipException.class);
        }
    }

    /** Whether the body was refused: 1 or 0. */
    private static int refusedOrSame(byte[] body, String what) {
        try {
            assertThat(Arrays.equals(gunzip(body), BOTH)).as(what).isTrue();
            return 0;
        } catch (GzipException e) {
            return 1;
        } catch (IOException e) {
            return fail(what, e);
        }
    }

    private static byte[] mutate(byte[] body, Random random) {
        byte[] mutated = body.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] = (byte) random.nextInt(256);
                case 1 -> mutated = concat(Arrays.copyOf(mutated, at), tail(mutated, at + 1));
                case 2 -> mutated = concat(mutated, new byte[] {(byte) random.nextInt(256)});
                default -> {
                    byte[] copied = Arrays.copyOfRange(mutated, at / 2, at);
                    mutated = concat(Arrays.copyOf(mutated, at), copied, tail(mutated, at));
                }
            }
        }
        return mutated;
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] gunzip(byte[] body) throws IOException {
        try (GunzipInputStream in = new GunzipInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }
}
