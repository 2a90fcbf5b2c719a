package io.github.camelmixpanel.export.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.testkit.ForkedJvm;
import io.github.camelmixpanel.export.testkit.StallGuard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(StallGuard.class)
class StateDirectoryTest {

    private static final Instant NOON = Instant.parse("2026-10-20T12:00:00Z");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"lock", "lock.owner"})
    void refusesALinkInThePlaceOfAFile(String name) throws Exception {
        Path victim = folder.resolve("victim");
        Files.writeString(victim, "precious");
        Path state = Files.createDirectory(folder.resolve("planted"));
        Files.createSymbolicLink(state.resolve(name), victim);

        assertThatThrownBy(() -> StateDirectory.open(state, () -> Instant.EPOCH))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(
                        "planted/" + name + ": expected a file, found a symbolic link");
        assertThat(victim).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "exports/orders/spool", "queries/mixpanel.com-7.log"})
    void followsNoLinkInItAndSaysHowToRemoveIt(String name) throws Exception {
        Path state = createState();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = state.resolve(name);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, elsewhere);

        assertThatThrownBy(() -> StateDirectory.open(state, () -> NOON))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(link + ": expected a file, found a symbolic link")
                .hasMessageEndingWith("Run: rm " + link);
        assertThat(elsewhere).isEmptyDirectory();
        Files.delete(link);
        StateDirectory.open(state, () -> NOON).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lock", "exports/orders", "exports/orders/ledger.jsonl", "queries"})
    void refusesWhatEveryUserCanWriteAndSaysHowToChangeThat(String name) throws Exception {
        Path state = createState();
        Path open = state.resolve(name);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx---rwx"));

        assertThatThrownBy(() -> StateDirectory.open(state, () -> NOON))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("can be written by every user (rwx---rwx)")
                .hasMessageEndingWith("Run: chmod -R o-w " + state);
        assertThat(run("chmod", "-R", "o-w", state.toString())).isZero();
        StateDirectory.open(state, () -> NOON).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lock", "exports/orders", "exports/orders/ledger.jsonl", "queries"})
    void refusesWhatBelongsToAnotherUserAndSaysHowToChangeThat(String name) throws Exception {
        String me = System.getProperty("user.name");
        assumeTrue(me.equals("root"), "only root can give files away");
        Path state = createState();
        assertThat(run("chown", "12345", state.resolve(name).toString())).isZero();

        assertThatThrownBy(() -> StateDirectory.open(state, () -> NOON))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("belongs to the user 12345, and this process runs as root")
                .hasMessageEndingWith("Run: chown -hR root " + state);
        assertThat(run("chown", "-hR", me, state.toString())).isZero();
        StateDirectory.open(state, () -> NOON).close();
    }

    @Test
    void refusesALinkToItThatAnotherUserHasPlanted() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give links away");
        Path link = Files.createSymbolicLink(folder.resolve("link"), createState());
        StateDirectory.open(link, () -> NOON).close();
        assertThat(run("chown", "-h", "12345", link.toString())).isZero();

        assertThatThrownBy(() -> StateDirectory.open(link, () -> NOON))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining(link + ": belongs to the user 12345");
    }

    /** Kubernetes makes a volume writable for a group at each start of a pod: {@code fsGroup}. */
    @Test
    void acceptsWhatAGroupCanWrite() throws Exception {
        Path state = createState();
        assertThat(run("chmod", "-R", "g+rwX", state.toString())).isZero();

        StateDirectory.open(state, () -> NOON).close();
    }

    private Path createState() throws Exception {
        Path state = folder.resolve("state");
        try (StateDirectory created = StateDirectory.open(state, () -> NOON)) {
            Files.createFile(created.exportFolder("orders").resolve("ledger.jsonl"));
        }
        Files.createDirectory(state.resolve("queries"));
        return state;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void createsWhatOnlyItsOwnerCanRead() throws Exception {
        Path wanted = folder.resolve("a/state");
        try (StateDirectory state = StateDirectory.open(wanted, () -> NOON)) {
            Path export = state.exportFolder("orders");

            assertThat(state.path()).isEqualTo(wanted.toRealPath());
            assertThat(export).isEqualTo(state.path().resolve("exports/orders")).isDirectory();
            assertThat(permissions(state.path())).isEqualTo("rwx------");
            assertThat(permissions(export.getParent())).isEqualTo("rwx------");
            assertThat(permissions(export)).isEqualTo("rwx------");
            assertThat(permissions(wanted.resolve("lock"))).isEqualTo("rw-------");
            assertThat(permissions(wanted.resolve("lock.owner"))).isEqualTo("rw-------");
            assertThat(state.exportFolder("orders")).isEqualTo(export);
        }
    }

    @Test
    void refusesASecondOwnerInTheSameProcessAndKeepsTheFirst() throws Exception {
        try (StateDirectory state = StateDirectory.open(folder, () -> NOON)) {
            Path link = Files.createSymbolicLink(folder.resolveSibling("link-to-state"), folder);
            try {
                for (Path again : new Path[] {folder, link, folder.resolve("../" + name())}) {
                    assertThatThrownBy(() -> StateDirectory.open(again, () -> NOON))
                            .isInstanceOf(LedgerException.class)
                            .hasMessageContaining(state.path() + " is already open in this process")
                            .hasMessageContaining(
                                    "process " + ProcessHandle.current().pid() + " on host ")
                            .hasMessageContaining(" since 2026-10-20T12:00:00Z")
                            .hasMessageContaining("stateDirectory");
                }
            } finally {
                Files.delete(link);
            }

            try (OtherProcess other = new OtherProcess(folder)) {
                assertThat(other.answer()).startsWith("refused");
            }
        }
    }

    @Test
    void isFreeAgainOnceItIsClosed() throws Exception {
        StateDirectory first = StateDirectory.open(folder, () -> NOON);
        first.close();
        assertThat(folder.resolve("lock.owner")).doesNotExist();

        try (StateDirectory second = StateDirectory.open(folder, () -> NOON)) {
            first.close(); // must not close the other one's
            assertThatThrownBy(() -> StateDirectory.open(folder, () -> NOON))
                    .hasMessageContaining(second.path().toString());
        }
    }

    @Test
    void refusesADirectoryThatAnotherProcessOwnsUntilThatOneDies() throws Exception {
        try (OtherProcess other = new OtherProcess(folder)) {
            assertThat(other.answer()).isEqualTo("open");
            assertThatThrownBy(() -> StateDirectory.open(folder, () -> NOON))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("is in use by process " + other.pid() + " on host ")
                    .hasMessageContaining(" since ")
                    .hasMessageContaining("Stop that one, or set onStateInUse=WAIT to take over")
                    .hasMessageContaining("With another stateDirectory exports start from the")
                    .hasMessageContaining("each folder counts the quota for itself");

            other.kill();
        }

        StateDirectory.open(folder, () -> NOON).close();
    }

    @Test
    void saysSoWhenItCannotBeCreated() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> StateDirectory.open(file.resolve("state"), () -> NOON))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("State directory " + file.resolve("state"))
                .hasMessageContaining("writable");
    }

    @Test
    void givesUpWhatItHasWhenItCannotBeOpened() throws Exception {
        Files.createDirectory(folder.resolve("lock.owner"));
        assertThatThrownBy(() -> StateDirectory.open(folder, () -> NOON))
                .isInstanceOf(LedgerException.class);
        Files.delete(folder.resolve("lock.owner"));

        StateDirectory.open(folder, () -> NOON).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../x", "a b", "ü"})
    void refusesAFolderForWhatIsNoName(String name) throws Exception {
        try (StateDirectory state = StateDirectory.open(folder, () -> NOON)) {
            assertThatThrownBy(() -> state.exportFolder(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + name + "\"");
        }
    }

    private String name() {
        return folder.getFileName().toString();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A JVM that opens a state directory, says how that went, and holds it until killed. */
    static final class OtherProcess implements AutoCloseable {

        private final Process process;

        OtherProcess(Path directory) throws IOException {
            process =
                    ForkedJvm.of(OtherProcess.class, List.of(), directory.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        }

        public static void main(String[] args) throws IOException {
            try (StateDirectory state = StateDirectory.open(Path.of(args[0]), () -> NOON)) {
                System.out.println("open");
                System.in.read();
                state.path();
            } catch (LedgerException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        String answer() throws IOException {
            return new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }

        long pid() {
            return process.pid();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
