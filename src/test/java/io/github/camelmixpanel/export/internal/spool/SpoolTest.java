package io.github.camelmixpanel.export.internal.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

    private static final Window DAY = Window.ofDay(LocalDate.of(2026, 10, 11));
    private static final Window NEXT_DAY = Window.ofDay(LocalDate.of(2026, 10, 12));
    private static final Window WEEK =
            new Window(LocalDate.of(2026, 10, 11), LocalDate.of(2026, 10, 17));
    private static final byte[] ABC = "abc".getBytes(UTF_8);
    private static final String SHA256_OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path temp;

    @Test
    void finishesAFileUnderItsFinalNameWithLengthAndHash() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        SpooledFile file = write(spool, DAY, 1, true, ABC);

        assertThat(file).isEqualTo(new SpooledFile("2026-10-11.g1.gz", true, 3, SHA256_OF_ABC));
        assertThat(names()).containsExactly("2026-10-11.g1.gz");
        assertThat(spool.usedBytes()).isEqualTo(3);
        try (InputStream in = spool.open(body(file))) {
            assertThat(in.readAllBytes()).isEqualTo(ABC);
        }
    }

    @Test
    void namesAFileAfterItsWindowGenerationAndForm() throws Exception {
        Spool spool = Spool.open(folder(), 1000);

        assertThat(write(spool, WEEK, 12, false, ABC).file())
                .isEqualTo("2026-10-11..2026-10-17.g12.jsonl");
    }

    @Test
    void createsEverythingForTheOwnerOnly() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        SpooledFile file = write(spool, DAY, 1, true, ABC);

        assertThat(permissions(folder())).isEqualTo("rwx------");
        assertThat(permissions(folder().resolve(file.file()))).isEqualTo("rw-------");
    }

    @Test
    void replacesAnEarlierFileOfTheSameWindowAndGeneration() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        write(spool, DAY, 1, true, new byte[100]);
        SpooledFile second = write(spool, DAY, 1, true, ABC);

        assertThat(spool.usedBytes()).isEqualTo(3);
        spool.check(body(second));
    }

    @Test
    void refusesASecondWriterOfTheSameFile() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        try (SpoolWriter first = SpoolWriter.create(spool, DAY, 1)) {
            assertThatThrownBy(() -> SpoolWriter.create(spool, DAY, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2026-10-11.g1");
            first.write(ABC);
            assertThat(first.finish(true).bytes()).isEqualTo(3);
        }
        write(spool, DAY, 1, true, ABC);
    }

    @Test
    void countsWhatACrashLeftAndKeepsOnlyWhatIsNamed() throws Exception {
        Files.createDirectories(folder());
        Files.write(folder().resolve("2026-10-11.g1.gz"), new byte[10]);
        Files.write(folder().resolve("2026-10-12.g1.jsonl"), new byte[20]);
        Files.write(folder().resolve("2026-10-13.g2.part"), new byte[40]);
        Files.write(folder().resolve("notes.txt"), new byte[80]);
        Files.write(folder().resolve("notes-4711.tmp"), new byte[160]);
        Spool spool = Spool.open(folder(), 1000);
        assertThat(spool.usedBytes()).isEqualTo(70);

        spool.keepOnly(Set.of("2026-10-11.g1.gz", "2026-10-13.g2.part"));

        assertThat(names()).containsExactly("2026-10-11.g1.gz", "notes.txt");
        assertThat(spool.usedBytes()).isEqualTo(10);
    }

    @Test
    void writesOverAPartThatACrashLeft() throws Exception {
        Files.createDirectories(folder());
        Files.write(folder().resolve("2026-10-11.g1.part"), new byte[40]);
        Spool spool = Spool.open(folder(), 50);

        assertThat(write(spool, DAY, 1, true, new byte[45]).bytes()).isEqualTo(45);
        assertThat(spool.usedBytes()).isEqualTo(45);
    }

    @Test
    void givesTheSpaceOfADeletedFileBack() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        SpooledFile file = write(spool, DAY, 1, true, ABC);
        write(spool, NEXT_DAY, 1, true, ABC);

        spool.delete(file.file());
        spool.delete(file.file());

        assertThat(names()).containsExactly("2026-10-12.g1.gz");
        assertThat(spool.usedBytes()).isEqualTo(3);
    }

    @Test
    void touchesNoFileOutsideItsFolder() throws Exception {
        Spool spool = Spool.open(folder(), 1000);

        assertThatThrownBy(() -> spool.delete("../2026-10-11.g1.gz"))
                .isInstanceOf(IllegalArgumentException.class);
        SpooledBody outside = new SpooledBody("../2026-10-11.g1.gz", true, 3, "", 1, 1, 0, 0);
        assertThatThrownBy(() -> spool.open(outside)).isInstanceOf(SpoolException.class);
    }

    @Test
    void noticesAFileOfAnEarlierProcessThatIsNotWhatWasVerified() throws Exception {
        SpooledBody body = body(write(Spool.open(folder(), 1000), DAY, 1, true, ABC));
        Spool spool = Spool.open(folder(), 1000);
        Path path = folder().resolve(body.file());
        spool.check(body);

        Files.writeString(path, "abd");
        assertThatThrownBy(() -> spool.check(body))
                .isInstanceOf(SpoolException.class)
                .hasMessageContainingAll("2026-10-11.g1.gz", "expected SHA-256 " + SHA256_OF_ABC);
        Files.writeString(path, "abcd");
        assertThatThrownBy(() -> spool.check(body))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("expected 3 bytes, found 4 bytes");
        Files.delete(path);
        assertThatThrownBy(() -> spool.check(body))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("expected 3 bytes, found no file");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 65_537, 200_000})
    void givesBytesBackAsTheyWereWrittenAndNoneThatHaveChanged(int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Spool spool = Spool.open(folder(), 1_000_000);
        SpooledBody body = body(writeInPieces(spool, bytes));
        spool.check(body);
        try (InputStream in = spool.open(body)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        Path path = folder().resolve(body.file());

        byte[] changed = bytes.clone();
        changed[length - 1] ^= 1;
        Files.write(path, changed);
        spool.check(body); // not read yet
        int before = (length - 1) / 65_536 * 65_536;
        assertReads(spool, body, Arrays.copyOf(bytes, before));

        Files.write(path, Arrays.copyOf(bytes, length - 1));
        assertReads(spool, body, Arrays.copyOf(bytes, before));
        assertThatThrownBy(() -> spool.check(body)).isInstanceOf(SpoolException.class);

        Files.write(path, Arrays.copyOf(bytes, length + 1));
        assertReads(spool, body, Arrays.copyOf(bytes, length / 65_536 * 65_536));
        assertThatThrownBy(() -> spool.check(body)).isInstanceOf(SpoolException.class);
    }

    /** The body was inflated with its CRC-32 when it was verified, and its blocks are the same. */
    @Test
    void computesNoCrc32OfABodyWhoseBlocksItCompares() throws Exception {
        byte[] gzip = GzipBytes.gzip(ABC);
        gzip[gzip.length - 8] ^= 1; // in the trailer
        Spool spool = Spool.open(folder(), 1000);
        SpooledBody body = body(write(spool, DAY, 1, true, gzip));
        try (InputStream in = spool.inflate(body)) {
            assertThat(in.readAllBytes()).isEqualTo(ABC);
        }

        try (InputStream in = Spool.open(folder(), 1000).inflate(body)) {
            assertThatThrownBy(in::readAllBytes)
                    .as("of an earlier process")
                    .isInstanceOf(GzipException.class)
                    .hasMessageContaining("CRC-32");
        }
        gzip[gzip.length - 12] ^= 1;
        Files.write(folder().resolve(body.file()), gzip);
        try (InputStream in = spool.inflate(body)) {
            assertThatThrownBy(in::readAllBytes).hasMessageContaining("it has changed since");
        }
    }

    @Test
    void forgetsWhatAFileWasThatIsDeletedOrReplaced() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        SpooledFile file = write(spool, DAY, 1, true, ABC);
        write(spool, DAY, 1, true, "abd".getBytes(UTF_8));
        try (InputStream in = spool.open(body(file))) {
            assertThat(in.readAllBytes()).asString().isEqualTo("abd");
        }
        spool.delete(file.file());
        Files.write(folder().resolve(file.file()), "abx".getBytes(UTF_8));
        assertThatThrownBy(() -> spool.check(body(file))).hasMessageContaining("expected SHA-256");
    }

    private static void assertReads(Spool spool, SpooledBody body, byte[] expected)
            throws Exception {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream in = spool.open(body)) {
            byte[] piece = new byte[1000];
            assertThatThrownBy(
                            () -> {
                                for (int n; (n = in.read(piece)) >= 0; ) {
                                    read.write(piece, 0, n);
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "it has changed since it was verified, from byte "
                                    + expected.length
                                    + " on");
        }
        assertThat(read.toByteArray()).isEqualTo(expected);
    }

    private static SpooledFile writeInPieces(Spool spool, byte[] bytes) throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            for (int from = 0; from < bytes.length; from += 30_000) {
                writer.write(bytes, from, Math.min(30_000, bytes.length - from));
            }
            return writer.finish(true);
        }
    }

    @Test
    void refusesAFolderThatIsAFile() throws Exception {
        Files.createDirectories(folder().getParent());
        Files.writeString(folder(), "");

        assertThatThrownBy(() -> Spool.open(folder(), 1000))
                .isInstanceOf(SpoolException.class)
                .hasMessageContainingAll(folder().toString(), "stateDirectory");
    }

    @Test
    void boundsAllWritersTogether() throws Exception {
        Spool spool = Spool.open(folder(), 1000);
        int writers = 4;
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        List<SpoolWriter> open = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            SpoolWriter writer = SpoolWriter.create(spool, DAY, i + 1);
            open.add(writer);
            threads.add(
                    new Thread(
                            () -> {
                                try {
                                    start.await();
                                    while (true) {
                                        writer.write(new byte[7]);
                                    }
                                } catch (IOException | InterruptedException full) {
                                    // the end of this test's writer
                                }
                            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(spool.usedBytes()).isEqualTo(1000 / 7 * 7);
        assertThat(open.stream().mapToLong(SpoolWriter::bytes).sum()).isEqualTo(spool.usedBytes());
        open.forEach(SpoolWriter::close);
        assertThat(spool.usedBytes()).isZero();
        assertThat(names()).isEmpty();
    }

    private Path folder() {
        return temp.resolve("state").resolve("spool");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static SpooledFile write(
            Spool spool, Window window, int generation, boolean gzip, byte[] bytes)
            throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, window, generation)) {
            writer.write(bytes);
            return writer.finish(gzip);
        }
    }

    private static SpooledBody body(SpooledFile file) {
        return new SpooledBody(file.file(), file.gzip(), file.bytes(), file.sha256(), 1, 1, 0, 0);
    }
}
