package io.github.camelmixpanel.export.internal.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.testkit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource(StateKind.ALL)
class DurableLinesTest {

    @Parameter StateKind kind;
    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.of(kind);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @TempDir Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("lines");
    }

    @Test
    void refusesALinkInThePlaceOfTheFile() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), victim);

        assertThatThrownBy(() -> DurableLines.open(link, Disk.REAL))
                .hasMessage(link + ": expected a file, found a symbolic link; remove it");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void readsBackWhatWasAppended() throws Exception {
        try (DurableLines lines = open()) {
            lines.append("one");
            lines.append("");
            lines.append("zwei ü 二\r");
            assertThat(lines.read()).containsExactly("one", "", "zwei ü 二\r");
        }

        assertThat(readAgain()).containsExactly("one", "", "zwei ü 二\r");
    }

    @Test
    void isReadableByItsOwnerOnlyAlsoAfterAReplacement() throws Exception {
        try (DurableLines lines = open()) {
            assertThat(permissions()).isEqualTo("rw-------");
            lines.replace(List.of("one"));
            assertThat(permissions()).isEqualTo("rw-------");
        }
    }

    @Test
    void cutsOffBytesAfterTheLastLineEndAtTheNextAppend() throws Exception {
        Files.writeString(file, "one\ntwo, which is torn");
        try (DurableLines lines = open()) {
            assertThat(lines.isTorn()).isTrue();
            assertThat(lines.read()).containsExactly("one");
            lines.append("2");
            assertThat(lines.isTorn()).isFalse();
        }

        assertThat(file).hasContent("one\n2\n");
        assertThatNextProcessFinds("one\n2\n");
    }

    @Test
    void takesTheLastLineAway() throws Exception {
        Files.writeString(file, "one\ntwo\nthree, which is longer\n");
        try (DurableLines lines = open()) {
            lines.dropLast();
            assertThat(lines.read()).containsExactly("one", "two");
            lines.append("3");
        }

        assertThat(file).hasContent("one\ntwo\n3\n");
        assertThatNextProcessFinds("one\ntwo\n3\n");
    }

    @Test
    void goesOnInTheNewFileAfterAReplacement() throws Exception {
        try (DurableLines lines = open()) {
            lines.append("old");
            lines.replace(List.of("a", "b"));
            lines.append("c");
        }

        assertThat(file).hasContent("a\nb\nc\n");
        assertThatNextProcessFinds("a\nb\nc\n");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void removesWhatACrashedReplacementLeft() throws Exception {
        Files.writeString(file, "one\n");
        Files.writeString(folder.resolve("lines.tmp"), "half of a ne");

        assertThat(readAgain()).containsExactly("one");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void holdsWhatItHeldWhenAStepOfAnAppendFails() throws Exception {
        // write, force; then to cut off: truncate, force
        for (int good = 0; good < 2; good++) {
            for (boolean always : List.of(true, false)) {
                Files.deleteIfExists(file);
                store.edited();
                FaultyDisk disk = new FaultyDisk();
                try (DurableLines lines = DurableLines.open(file, store.disk(folder, disk))) {
                    lines.append("one");
                    fail(disk, good, always);
                    assertThatThrownBy(() -> lines.append("two, a long line"))
                            .isInstanceOf(IOException.class);
                    assertThat(lines.read()).containsExactly("one");
                    if (!always) {
                        assertThat(Files.readString(file)).isEqualTo("one\n");
                    }
                    disk.heal();
                    lines.append("3");
                }
                assertThat(file)
                        .as("failed after %d good steps, always: %s", good, always)
                        .hasContent("one\n3\n");
                assertThatNextProcessFinds("one\n3\n");
            }
        }
    }

    @Test
    void holdsTheOldLinesOrTheNewOnesWhenAStepOfAReplacementFails() throws Exception {
        // write, force, rename, force the folder
        for (int good = 0; good < 4; good++) {
            Files.deleteIfExists(file);
            store.edited();
            FaultyDisk disk = new FaultyDisk();
            try (DurableLines lines = DurableLines.open(file, store.disk(folder, disk))) {
                lines.append("old");
                disk.failAlwaysAfter(good);
                assertThatThrownBy(() -> lines.replace(List.of("new", "lines")))
                        .isInstanceOf(IOException.class);
                List<String> expected = good < 3 ? List.of("old") : List.of("new", "lines");
                assertThat(lines.read()).as("after %d good steps", good).isEqualTo(expected);
                assertThat(readAgain()).isEqualTo(expected);
                assertThat(folder).isDirectoryNotContaining("glob:**.tmp");

                assertThatThrownBy(() -> lines.append("more")).isInstanceOf(IOException.class);
                disk.heal();
                lines.append("more");
                assertThat(readAgain()).startsWith(expected.get(0)).endsWith("more");
                assertThat(readAgain()).hasSize(expected.size() + 1);
            }
        }
    }

    @Test
    void takesNoLineBeforeItsNameIsOnTheDevice() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (DurableLines lines = DurableLines.open(file, disk)) {
            disk.failOnceAfter(0);
            assertThatThrownBy(() -> lines.append("one")).isInstanceOf(IOException.class);
            assertThat(file).isEmptyFile();

            lines.append("one");
            assertThat(readAgain()).containsExactly("one");
        }
    }

    @Test
    void workOfAnInterruptedThreadIsNeitherLostNorTorn() throws Exception {
        try (DurableLines lines = open()) {
            Thread.currentThread().interrupt();
            lines.append("one");
            lines.replace(List.of("new"));
            lines.append("two");
            assertThat(lines.read()).containsExactly("new", "two");
            assertThat(Thread.interrupted()).isTrue();
            lines.append("three");
        }

        assertThat(readAgain()).containsExactly("new", "two", "three");
    }

    @Test
    void refusesAFileThatSomethingElseMadeShorter() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (DurableLines lines = DurableLines.open(file, disk)) {
            lines.append("one");
            Files.writeString(file, "");
            assertThatThrownBy(() -> lines.append("two"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has shrunk from 4 to 0 bytes");
        }
    }

    @Test
    void takesNothingOnceItIsClosed() throws Exception {
        DurableLines lines = open();
        lines.append("one");
        lines.close();
        lines.close();

        assertThatThrownBy(() -> lines.append("two")).hasMessageContaining("is closed");
        assertThatThrownBy(() -> lines.replace(List.of())).hasMessageContaining("is closed");
        assertThat(readAgain()).containsExactly("one");
    }

    private DurableLines open() throws IOException {
        try {
            return DurableLines.open(file, store.disk(folder, Disk.REAL));
        } catch (LedgerException e) {
            throw new IOException(e);
        }
    }

    /** While another one has it open. */
    private List<String> readAgain() throws IOException {
        try (DurableLines lines = DurableLines.open(file, Disk.REAL)) {
            return lines.read();
        }
    }

    /** As another process finds it, on another machine where there is a database. */
    private void assertThatNextProcessFinds(String content) throws IOException {
        open().close();
        assertThat(file).hasContent(content);
    }

    private String permissions() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void fail(FaultyDisk disk, int good, boolean always) {
        if (always) {
            disk.failAlwaysAfter(good);
        } else {
            disk.failOnceAfter(good);
        }
    }
}
