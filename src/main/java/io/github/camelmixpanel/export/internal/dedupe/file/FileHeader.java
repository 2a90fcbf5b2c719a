package io.github.camelmixpanel.export.internal.dedupe.file;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.durable.Checksums;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Identifies a file by its first {@value #BYTES} bytes as a key file or run file of one recipe;
 * numbers are big-endian.
 *
 * <table>
 * <caption>Header</caption>
 * <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 * <tr><td>0</td><td>8</td><td>kind: {@code mxp-keys} or {@code mxp-runs}</td></tr>
 * <tr><td>8</td><td>4</td><td>format version: of key files 3 (or 2, 1), of run files 1</td></tr>
 * <tr><td>12</td><td>4</td><td>recipe: 1 for MIXPANEL, 2 for INSERT_ID</td></tr>
 * <tr><td>16</td><td>4</td><td>key day in days since 1970-01-01, -2147483648 for undated events; 0
 * in a run file</td></tr>
 * <tr><td>20</td><td>8</td><td>number of keys; 0 in a run file</td></tr>
 * <tr><td>28</td><td>4</td><td>CRC32C of the bytes before</td></tr>
 * </table>
 */
record FileHeader(Kind kind, int version, DedupeRecipe recipe, int day, long count) {

    enum Kind {
        KEYS("mxp-keys", "Key file", 3),
        RUNS("mxp-runs", "Run file", 1);

        private final byte[] magic;
        final String label;

        /** The version that is written; earlier ones can be read. */
        final int version;

        Kind(String magic, String label, int version) {
            this.magic = magic.getBytes(StandardCharsets.US_ASCII);
            this.label = label;
            this.version = version;
        }
    }

    static final int BYTES = 32;

    private static final int CHECKED = BYTES - Integer.BYTES;

    FileHeader(Kind kind, DedupeRecipe recipe, int day, long count) {
        this(kind, kind.version, recipe, day, count);
    }

    byte[] encode() {
        ByteBuffer bytes =
                ByteBuffer.allocate(BYTES)
                        .put(kind.magic)
                        .putInt(version)
                        .putInt(KeyMaker.code(recipe))
                        .putInt(day)
                        .putLong(count);
        return bytes.putInt(checksum(bytes.array())).array();
    }

    /**
     * @param bytes the first bytes of the file, fewer only if it has no more
     * @throws LedgerException when the file is damaged, of a newer format or of another recipe
     */
    static FileHeader decode(Path file, byte[] bytes, Kind kind, DedupeRecipe recipe)
            throws LedgerException {
        if (!isSound(bytes) || !ByteBuffer.wrap(bytes, 0, 8).equals(ByteBuffer.wrap(kind.magic))) {
            throw damaged(kind, file, "its header is incomplete, or its checksum is wrong");
        }
        ByteBuffer fields = ByteBuffer.wrap(bytes).position(8);
        int version = fields.getInt();
        if (version < 1 || version > kind.version) {
            throw new LedgerException(
                    """
                    %s %s has format version %d, but this release reads versions up to %d. Start \
                    the release that wrote it, or a newer one"""
                            .formatted(kind.label, file, version, kind.version));
        }
        int code = fields.getInt();
        if (code != KeyMaker.code(recipe)) {
            throw ofAnotherRecipe(kind, file, code, recipe);
        }
        return new FileHeader(kind, version, recipe, fields.getInt(), fields.getLong());
    }

    /** Whether it is a complete, unchanged header, of either kind. */
    static boolean isSound(byte[] bytes) {
        return bytes.length == BYTES && ByteBuffer.wrap(bytes).getInt(CHECKED) == checksum(bytes);
    }

    static LedgerException damaged(Kind kind, Path file, String found) {
        return new LedgerException(
                """
                %s %s is damaged: %s. It records which events were emitted. Restore it from a \
                backup, or delete it: its events are then emitted again if their days are exported \
                again"""
                        .formatted(kind.label, file, found));
    }

    private static LedgerException ofAnotherRecipe(
            Kind kind, Path file, int code, DedupeRecipe recipe) {
        String found = "recipe " + code;
        for (DedupeRecipe known : DedupeRecipe.values()) {
            if (KeyMaker.code(known) == code) {
                found = "dedupeKey=" + known;
            }
        }
        return new LedgerException(
                """
                %s %s was written with %s, but this export has dedupeKey=%s. Restore the option, or \
                delete the folder %s: all events of days that are exported again are then emitted \
                again"""
                        .formatted(kind.label, file, found, recipe, file.getParent()));
    }

    private static int checksum(byte[] bytes) {
        return (int) Checksums.crc32c(bytes, CHECKED);
    }
}
