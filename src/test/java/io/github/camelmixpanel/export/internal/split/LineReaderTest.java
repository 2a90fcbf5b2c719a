package io.github.camelmixpanel.export.internal.split;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    private static final int MAX_LINE_SIZE = 1000;

    /** One line as the reader returns it. */
    private record Line(long number, String bytes, boolean tooLong) {}

    @Test
    void givesEveryLineWithItsNumberAndWithoutItsEnd() throws Exception {
        assertThat(read("one\n\nthree\r\nfour"))
                .containsExactly(
                        new Line(1, "one", false),
                        new Line(2, "", false),
                        new Line(3, "three", false),
                        new Line(4, "four", false));
    }

    @Test
    void findsNoLineInABodyOfNoBytesAndNoneAfterTheLastNewline() throws Exception {
        assertThat(read("")).isEmpty();
        assertThat(read("\n")).containsExactly(new Line(1, "", false));
        assertThat(read("a\n")).containsExactly(new Line(1, "a", false));
    }

    @Test
    void takesNothingButANewlineForALineEnd() throws Exception {
        String line = "a\u2028b\u2029c\u0085d\u000be\fg\rh\u001ci\0j";

        assertThat(read(line + "\r\n" + line))
                .extracting(Line::bytes)
                .containsExactly(text(line.getBytes(UTF_8)), text(line.getBytes(UTF_8)));
    }

    @Test
    void takesOneCarriageReturnOffTheEndOfALine() throws Exception {
        assertThat(read("a\r\r\n\r\nb\r")).extracting(Line::bytes).containsExactly("a\r", "", "b");
    }

    @Test
    void cutsALineThatIsTooLongAndGoesOnWithTheNext() throws Exception {
        String longest = "x".repeat(MAX_LINE_SIZE);

        assertThat(read(longest + "\r\n" + longest + "y\n" + longest + "yyy\nz"))
                .containsExactly(
                        new Line(1, longest, false),
                        new Line(2, longest, true),
                        new Line(3, longest, true),
                        new Line(4, "z", false));
    }

    @Test
    void passesALineThatNoArrayCouldHold() throws Exception {
        long length = Integer.MAX_VALUE + 1000L;
        InputStream endless =
                new InputStream() {
                    private long left = length;

                    @Override
                    public int read() {
                        return left-- > 0 ? 'x' : -1;
                    }

                    @Override
                    public int read(byte[] b, int off, int len) {
                        if (left <= 0) {
                            return -1;
                        }
                        int n = (int) Math.min(len, left);
                        left -= n;
                        return n;
                    }
                };
        int maxLineSize = 1_000_000;
        try (LineReader lines = new LineReader(endless, maxLineSize)) {
            assertThat(lines.next()).hasSize(maxLineSize);
            assertThat(lines.tooLong()).isTrue();
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void readsAsANaiveSplitDoesWhateverTheBlocksAndChunks() throws Exception {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] body = randomBody(random);
            int maxLineSize = 1 + random.nextInt(40);
            int blockBytes = 1 + random.nextInt(40);
            InputStream source = new ChunkedStream(body, random, 1 + random.nextInt(30));
            try (LineReader lines = new LineReader(source, maxLineSize, blockBytes)) {
                assertThat(read(lines)).as("seed %d", seed).isEqualTo(naive(body, maxLineSize));
            }
        }
    }

    @Test
    void readsLongLinesAcrossBlocksOfFullSize() throws Exception {
        Random random = new Random(11);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            byte[] line = new byte[random.nextInt(700_000)];
            Arrays.fill(line, (byte) ('a' + i));
            body.writeBytes(line);
            body.write('\n');
        }
        int maxLineSize = 600_000;
        InputStream source = new ChunkedStream(body.toByteArray(), random, 100_000);
        try (LineReader lines = new LineReader(source, maxLineSize)) {
            assertThat(read(lines)).isEqualTo(naive(body.toByteArray(), maxLineSize));
        }
    }

    @Test
    void findsANewlineWhereverItIs() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int at = 0; at < bytes.length; at++) {
                // neighbours of 0x0a and of its high-bit twin are what a word-wise search confuses
                bytes[at] = (byte) (random.nextInt(8) == 0 ? 0x0a : 8 + random.nextInt(5) * 0x21);
            }
            int from = random.nextInt(bytes.length + 1);
            int expected = -1;
            for (int at = bytes.length - 1; at >= from; at--) {
                expected = bytes[at] == '\n' ? at : expected;
            }
            assertThat(LineReader.indexOfNewline(bytes, from, bytes.length))
                    .as("%s from %d", Arrays.toString(bytes), from)
                    .isEqualTo(expected);
        }
    }

    @Test
    void givesEachLineAnArrayOfItsOwn() throws Exception {
        try (LineReader lines = reader("aa\nbb\n".getBytes(UTF_8))) {
            byte[] first = lines.next();
            byte[] second = lines.next();
            second[0] = 'x';
            assertThat(first).isEqualTo("aa".getBytes(UTF_8));
        }
    }

    @Test
    void passesAFailureOfItsSourceOn() throws Exception {
        InputStream cut =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("cut");
                    }
                };
        InputStream failing =
                new SequenceInputStream(new ByteArrayInputStream("a\nb".getBytes(UTF_8)), cut);
        try (LineReader lines = new LineReader(failing, MAX_LINE_SIZE)) {
            assertThat(lines.next()).isEqualTo("a".getBytes(UTF_8));
            assertThatThrownBy(lines::next).isInstanceOf(IOException.class).hasMessage("cut");
        }
    }

    private static byte[] randomBody(Random random) {
        byte[][] pieces = {
            "\n".getBytes(UTF_8),
            "\r\n".getBytes(UTF_8),
            "\r".getBytes(UTF_8),
            {0},
            {(byte) 0xff, (byte) 0xc3},
            "\u2028".getBytes(UTF_8),
            {(byte) 0x8a, 0x0b, 0x09},
            "{\"a\":1}".getBytes(UTF_8),
            "x".repeat(random.nextInt(60)).getBytes(UTF_8)
        };
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = random.nextInt(25); i > 0; i--) {
            body.writeBytes(pieces[random.nextInt(pieces.length)]);
        }
        return body.toByteArray();
    }

    /** The lines of a body, found byte by byte. */
    private static List<Line> naive(byte[] body, int maxLineSize) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= body.length; i++) {
            boolean newline = i < body.length && body[i] == '\n';
            if (newline || i == body.length && start < i) {
                int end = i > start && body[i - 1] == '\r' ? i - 1 : i;
                byte[] kept = Arrays.copyOfRange(body, start, Math.min(end, start + maxLineSize));
                boolean tooLong = end - start > maxLineSize;
                lines.add(new Line(lines.size() + 1, text(kept), tooLong));
                start = i + 1;
            }
        }
        return lines;
    }

    private static List<Line> read(String body) throws IOException {
        try (LineReader lines = reader(body.getBytes(UTF_8))) {
            return read(lines);
        }
    }

    private static List<Line> read(LineReader lines) throws IOException {
        List<Line> all = new ArrayList<>();
        for (byte[] line; (line = lines.next()) != null; ) {
            all.add(new Line(lines.lineNumber(), text(line), lines.tooLong()));
        }
        assertThat(lines.next()).isNull();
        return all;
    }

    private static LineReader reader(byte[] body) {
        return new LineReader(new ByteArrayInputStream(body), MAX_LINE_SIZE);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
