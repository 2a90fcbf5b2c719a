package io.github.camelmixpanel.export.internal.dedupe;

import static io.github.camelmixpanel.export.internal.dedupe.Keys.DAY;
import static io.github.camelmixpanel.export.internal.dedupe.Keys.key;
import static io.github.camelmixpanel.export.internal.dedupe.Keys.lines;
import static io.github.camelmixpanel.export.internal.dedupe.Keys.undated;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.internal.database.Store;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource(StateKind.ALL)
class KeyFilesTest {

    private static final Window WINDOW = Window.ofDay(DAY);
    private static final long MEMORY = 16 * 32;

    @Parameter StateKind kind;
    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.of(kind);
        open();
    }

    @AfterEach
    void closeStore() throws Exception {
        files.close();
        store.close();
    }

    @TempDir Path state;
    private Path folder;
    private KeyFiles files;

    void open() throws Exception {
        folder = state.resolve("keys");
        files = KeyFiles.open(folder, DedupeRecipe.MIXPANEL, MEMORY, disk());
    }

    private Disk disk() throws Exception {
        return store.disk(state, Disk.REAL);
    }

    @Test
    void marksEveryLineButTheFirstOfEachKey() throws Exception {
        try (KeyIndex body = index(key(1), key(2), key(1), key(3), key(1), key(3))) {
            Duplicates alone = body.duplicates();
            Duplicates found = Keys.duplicates(body, files, WINDOW, 9, Set.of());

            assertThat(lines(alone, 6)).containsExactly(3L, 5L, 6L);
            assertThat(lines(found, 6)).containsExactly(3L, 5L, 6L);
            assertThat(found.lines().contains(1L << 39)).isFalse();
            assertThat(found.newKeys()).isEqualTo(3);
            assertThat(found.repeatedInBody()).isEqualTo(3);
            assertThat(found.alreadyEmitted()).isZero();
        }
    }

    @Test
    void marksEveryLineOfAKeyThatWasCommitted() throws Exception {
        commit(key(1), key(2));

        try (KeyIndex body = index(key(3), key(1), key(4), key(1))) {
            Duplicates found = Keys.duplicates(body, files, WINDOW, 9, Set.of());

            assertThat(lines(found, 4)).containsExactly(2L, 4L);
            assertThat(found.newKeys()).isEqualTo(2);
            assertThat(found.alreadyEmitted()).isEqualTo(1);
            assertThat(found.repeatedInBody()).isEqualTo(1);
            assertThat(lines(body.duplicates(), 4)).containsExactly(4L);
        }
    }

    @Test
    void marksKeysInRunsOfAnyWindow() throws Exception {
        files.run(WINDOW, 1).append(Keys.list(List.of(key(1), key(1, DAY.plusDays(1)))));
        files.run(Window.ofDay(DAY.plusDays(1)), 7).append(Keys.list(List.of(key(2))));
        files.close();
        open();

        try (KeyIndex body = index(key(1), key(2), key(3))) {
            Duplicates found = Keys.duplicates(body, files, WINDOW, 9, Set.of());

            assertThat(lines(found, 3)).containsExactly(1L, 2L);
            assertThat(found.alreadyEmitted()).isEqualTo(2);
        }
    }

    @Test
    void forgetsOfReplayedDaysAllButOneRun() throws Exception {
        LocalDate next = DAY.plusDays(1);
        commit(key(1), key(2), key(1, next), undated(1));
        files.run(WINDOW, 1).append(Keys.list(List.of(key(3))));
        files.run(WINDOW, 2).append(Keys.list(List.of(key(2))));

        try (KeyIndex body = index(key(1), key(2), key(3), key(3), key(1, next), undated(1))) {
            ReplayScope day = new ReplayScope(files.run(WINDOW, 2), Set.of(DAY), false);
            Duplicates found = files.duplicates(body, WINDOW, 2, Set.of(DAY, next), day);

            assertThat(lines(found, 6)).containsExactly(2L, 4L, 5L);
            assertThat(found.newKeys()).isEqualTo(3);
            assertThat(found.vanished()).isZero();
            ReplayScope all = new ReplayScope(files.run(WINDOW, 2), Set.of(DAY), true);
            assertThat(lines(files.duplicates(body, WINDOW, 2, Set.of(DAY), all), 6))
                    .containsExactly(2L, 4L);
        }
    }

    @Test
    void keepsOneFileAKeyDay() throws Exception {
        commit(key(1), key(1, DAY.plusDays(1)), undated(1), key(2), key(1));

        assertThat(Keys.names(folder))
                .containsExactly("2026-10-11.keys", "2026-10-12.keys", "undated.keys");
        assertThat(Files.size(folder.resolve("2026-10-11.keys"))).isEqualTo(32 + 2 * 24 + 4);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("undated.keys"))))
                .isEqualTo("rw-------");
        assertThat(files.has(DAY)).isTrue();
        assertThat(Keys.count(folder, DAY)).isEqualTo(2);
        assertThat(Keys.count(folder, DAY.plusDays(1))).isEqualTo(1);
        assertThat(files.has(DAY.plusDays(2))).isFalse();
        assertThat(Keys.count(folder, DAY.plusDays(2))).isZero();
    }

    /** The checksums were worked out by another program. */
    @Test
    void putsTheBytesWhereTheFormatSays() throws Exception {
        commit(new DedupeKey(-1, 2, 3), new DedupeKey(1, -2, 3));

        assertThat(Files.readAllBytes(folder.resolve("1970-01-04.keys")))
                .asHexString()
                .isEqualToIgnoringCase(
                        "6D78702D6B657973"
                                + "00000003"
                                + "00000001"
                                + "00000003"
                                + "0000000000000002"
                                + "448A1A91"
                                + "0000000000000001"
                                + "FFFFFFFFFFFFFFFE"
                                + "0000000080000000"
                                + "FFFFFFFFFFFFFFFF"
                                + "0000000000000002"
                                + "0000000080000000"
                                + "C03585B7");
    }

    /** Keys without marks, and with marks without content, as earlier programs wrote them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "6d78702d6b6579730000000100000001000000030000000000000002fb43a22f"
                        + "0000000000000001fffffffffffffffeffffffffffffffff0000000000000002"
                        + "4b54c4f8",
                "6D78702D6B6579730000000200000001000000030000000000000002"
                        + "1B6EC6CE"
                        + "0000000000000001FFFFFFFFFFFFFFFE80000000FFFFFFFFFFFFFFFF0000000000000002"
                        + "80000000B6D48403",
            })
    void readsFilesOfEarlierVersionsAndRewritesThem(String hex) throws Exception {
        DedupeKey one = new DedupeKey(-1, 2, 3);
        DedupeKey two = new DedupeKey(1, -2, 3);
        Path file = folder.resolve("1970-01-04.keys");
        Files.write(file, HexFormat.of().parseHex(hex));
        Set<LocalDate> day = Set.of(LocalDate.EPOCH.plusDays(3));

        assertThat(Keys.count(folder, LocalDate.EPOCH.plusDays(3))).isEqualTo(2);
        try (KeyIndex body = index(one)) {
            Duplicates found = Keys.duplicates(body, files, WINDOW, 9, day);
            assertThat(found.alreadyEmitted()).isEqualTo(1);
            assertThat(found.vanished()).as("all count as current").isEqualTo(1);
            assertThat(found.changed()).as("their content is unknown").isZero();
            files.commit(body, WINDOW, day);
        }
        assertThat(Files.size(file)).isEqualTo(32 + 2 * 24 + 4);
        try (KeyIndex body = index(two)) {
            assertThat(Keys.duplicates(body, files, WINDOW, 9, day).newKeys()).isZero();
        }
    }

    @Test
    void commitsTheKeysOfTheRunsOfTheseDaysToo() throws Exception {
        Window other = Window.ofDay(DAY.plusDays(1));
        files.run(WINDOW, 1).append(Keys.list(List.of(key(1), key(5, DAY.plusDays(3)))));
        files.run(WINDOW, 2).append(Keys.list(List.of(key(2))));
        files.run(other, 1).append(Keys.list(List.of(key(3), key(3, DAY.plusDays(4)))));
        commit(key(4));

        files.endRuns(WINDOW);
        assertThat(Keys.names(folder))
                .as("the window's own runs are done, with all their days")
                .containsExactly("2026-10-11.keys", "2026-10-12.1.run", "2026-10-14.keys");
        assertThat(Keys.count(folder, DAY)).isEqualTo(4);
        files.run(other, 1).append(Keys.list(List.of(key(6))));
        try (KeyIndex body = index(key(6))) {
            assertThat(Keys.duplicates(body, files, WINDOW, 9, Set.of()).newKeys()).isZero();
        }
    }

    @Test
    void commitsWhatWasAcknowledgedOfABodyThatWasLost() throws Exception {
        files.run(WINDOW, 1).append(Keys.list(List.of(key(1))));
        try (KeyIndex other = index(key(2))) {
            Keys.duplicates(other, files, WINDOW, 1, Set.of());
            files.run(WINDOW, 1).append(Keys.list(List.of(key(2))));
            files.commit(other, WINDOW, Set.of());
        }

        assertThat(Keys.count(folder, DAY)).isEqualTo(2);
    }

    @Test
    void knowsAfterACommitWhatWasAcknowledgedBeforeIt() throws Exception {
        files.run(WINDOW, 2).append(Keys.list(List.of(key(1), key(2))));
        commit(key(1), key(2), key(3));
        files.close();
        open();

        assertThat(Keys.count(folder.resolve("2026-10-11.2.run")))
                .as("the ledger may not have the commit yet")
                .isEqualTo(2);
        files.endRuns(WINDOW);
        assertThat(Keys.names(folder)).containsExactly("2026-10-11.keys");
    }

    @Test
    void changesNothingWhenItCommitsAgain() throws Exception {
        commit(key(1), key(2));
        byte[] once = Files.readAllBytes(folder.resolve("2026-10-11.keys"));
        commit(key(2));
        commit(key(1), key(2));
        commit();

        assertThat(Files.readAllBytes(folder.resolve("2026-10-11.keys"))).isEqualTo(once);
        assertThat(Keys.names(folder)).containsExactly("2026-10-11.keys");
    }

    @Test
    void foldsRunsThatNoWindowOwnsAnyLonger() throws Exception {
        Window week = new Window(DAY, DAY.plusDays(6));
        files.run(week, 1).append(Keys.list(List.of(key(1), key(2, DAY.plusDays(1)))));
        files.run(WINDOW, 3).append(Keys.list(List.of(key(3))));
        files.close();
        open();
        files.foldRuns(List.of(WINDOW));

        assertThat(Keys.names(folder))
                .containsExactly("2026-10-11.3.run", "2026-10-11.keys", "2026-10-12.keys");
        assertThat(Keys.count(folder, DAY)).as("with what other runs have of the day").isEqualTo(2);
        assertThat(Keys.count(folder, DAY.plusDays(1))).isEqualTo(1);
    }

    @Test
    void countsCommittedKeysOfWholeDaysThatVanished() throws Exception {
        commit(
                key(1),
                key(2),
                key(3),
                key(1, DAY.plusDays(1)),
                key(1, DAY.plusDays(2)),
                undated(1));

        try (KeyIndex body = index(key(2), key(4), key(2))) {
            assertThat(Keys.duplicates(body, files, WINDOW, 9, Set.of(DAY)).vanished())
                    .isEqualTo(2);
            assertThat(Keys.duplicates(body, files, WINDOW, 9, Set.of(DAY.plusDays(1))).vanished())
                    .isEqualTo(1);
            assertThat(
                            Keys.duplicates(body, files, WINDOW, 9, Set.of(DAY, DAY.plusDays(2)))
                                    .vanished())
                    .isEqualTo(3);
            assertThat(Keys.duplicates(body, files, WINDOW, 9, Set.of()).vanished()).isZero();
            assertThat(lines(Keys.duplicates(body, files, WINDOW, 9, Set.of(DAY)), 3))
                    .containsExactly(1L, 3L);
        }
        try (KeyIndex empty = index()) {
            assertThat(Keys.duplicates(empty, files, WINDOW, 9, Set.of(DAY)).vanished())
                    .isEqualTo(3);
        }
    }

    @Test
    void removesWholeDaysAndKeepsUndatedKeys() throws Exception {
        commit(key(1), key(1, DAY.minusDays(1)), key(1, DAY.plusDays(1)), undated(1));
        Files.createFile(folder.resolve("copy of 2026-10-01.keys"));
        files.removeBefore(DAY);

        assertThat(Keys.names(folder))
                .containsExactly(
                        "2026-10-11.keys",
                        "2026-10-12.keys",
                        "copy of 2026-10-01.keys",
                        "undated.keys");
    }

    @Test
    void deletesWhatACrashLeft() throws Exception {
        Files.createFile(folder.resolve("2026-10-11.keys.tmp"));
        Files.createFile(folder.resolve("sort-123.tmp"));
        files.close();
        open();

        assertThat(Keys.names(folder)).isEmpty();
    }

    @Tag(FullBuild.TAG)
    @Test
    void copesWithAMillionKeysInSixteenMegabytes() throws Exception {
        int count = 1_000_000;
        try (KeyFiles large = KeyFiles.open(folder, DedupeRecipe.MIXPANEL, 16L << 20, disk())) {
            commitMillion(large, count);
            try (KeyIndex body = large.newIndex()) {
                for (int i = 0; i < count; i++) {
                    body.add(i + 1, hashed(i * 3 / 2), 0);
                }
                Duplicates found = Keys.duplicates(body, large, WINDOW, 9, Set.of(DAY));

                assertThat(found.newKeys() + found.alreadyEmitted() + found.repeatedInBody())
                        .isEqualTo(count);
                assertThat(found.repeatedInBody()).isZero();
                assertThat(found.newKeys()).isEqualTo(333_333);
                assertThat(found.vanished()).isEqualTo(333_333);
                for (int i = 0; i < count; i++) {
                    assertThat(found.lines().contains(i + 1)).isEqualTo(i * 3 / 2 < count);
                }
                large.commit(body, WINDOW, Set.of());
                assertThat(Keys.count(folder, DAY)).isEqualTo(1_333_333);
            }
        }
    }

    private static void commitMillion(KeyFiles files, int count) throws Exception {
        try (KeyIndex body = files.newIndex()) {
            for (int i = 0; i < count; i++) {
                body.add(i + 1, hashed(i), 0);
            }
            files.commit(body, WINDOW, Set.of());
        }
    }

    private static DedupeKey hashed(long number) {
        long high = number * 0x9e3779b97f4a7c15L;
        return new DedupeKey(high ^ high >>> 31, number, DedupeKey.dayOf(DAY));
    }

    private KeyIndex index(DedupeKey... keys) throws Exception {
        return Keys.index(files, List.of(keys));
    }

    private void commit(DedupeKey... keys) throws Exception {
        try (KeyIndex body = index(keys)) {
            files.commit(body, WINDOW, Set.of());
        }
    }
}
