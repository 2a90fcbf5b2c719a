package io.github.camelmixpanel.export.internal.dedupe.key;

import io.github.camelmixpanel.export.internal.durable.Checksums;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportEvent.Text;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Makes the same key of the same event in every release: what is hashed must never change, as that
 * would make all keys on disk worthless.
 *
 * <p>The key is the first 128 bits of the SHA-256 of these bytes, numbers big-endian:
 *
 * <table>
 * <caption>What is hashed</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>1</td><td>1 for {@link DedupeRecipe#MIXPANEL}, 2 for {@link
 * DedupeRecipe#INSERT_ID}</td></tr>
 * <tr><td>4 + n</td><td>event name</td></tr>
 * <tr><td>8</td><td>raw time in whole seconds, so that neither {@code time_in_ms} nor a decimal
 * changes the key</td></tr>
 * <tr><td>4 + n</td><td>{@code distinct_id}; not with {@code INSERT_ID}</td></tr>
 * <tr><td>4 + n</td><td>{@code $insert_id}</td></tr>
 * </table>
 *
 * <p>A text is its number of UTF-16 units, followed by each unit encoded by itself in UTF-8; a
 * missing text is the number -1, which makes it differ from an empty one.
 *
 * <p>Where these fields may not identify the event, one byte 0 and the whole line are hashed
 * instead, the members of its objects sorted by name ({@link SortedMembers}), as Mixpanel promises
 * no order: without a readable time, without {@code $insert_id} or with an empty one, and where a
 * field holds U+FFFD, which stands for bytes that were not UTF-8 and may have differed.
 *
 * <p>Each key has an identity: 31 bits that show whether Mixpanel has rewritten the {@code
 * distinct_id} of an event, as it does when it merges users. With {@code INSERT_ID}, whose key
 * stays the same, it is a hash of {@code distinct_id}, which then changes. With {@code MIXPANEL},
 * whose key changes, it is a hash of event name, raw time and {@code $insert_id}: a key that went
 * and a key that came with the same identity are such an event. Identities serve for counting only,
 * so 31 bits of a fast hash suffice: 64-bit FNV-1a over the UTF-16 units, each text preceded by its
 * length, with a final mix.
 *
 * <p>Not thread-safe. It keeps about 1 KB and allocates next to nothing but the key.
 */
public final class KeyMaker {

    /** Identity and content of events that are compared by their whole lines. */
    public static final int UNKNOWN = 0;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final byte WHOLE_LINE = 0;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int MAX_UNIT_BYTES = 3;
    private static final char REPLACEMENT = '\ufffd';

    private final DedupeRecipe recipe;
    private final MessageDigest sha256 = Checksums.newSha256();
    private final byte[] pending = new byte[1024];
    private final byte[] hash = new byte[32];
    private final ContentHash content = new ContentHash();

    /** How many bytes of {@link #pending} are still to be hashed. */
    private int size;

    /** The event whose key was made last, if its fields identify it. */
    private ExportEvent last;

    public KeyMaker(DedupeRecipe recipe) {
        this.recipe = recipe;
    }

    /** The number that stands for a recipe in hashes and files. */
    public static int code(DedupeRecipe recipe) {
        return switch (recipe) {
            case MIXPANEL -> 1;
            case INSERT_ID -> 2;
        };
    }

    public DedupeKey keyOf(ExportEvent event) {
        size = 0;
        last = event;
        if (!hashFields(event)) {
            last = null;
            sha256.reset();
            sha256.update(WHOLE_LINE);
            sha256.update(SortedMembers.of(event.json()));
        }
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("A SHA-256 has 32 bytes", e);
        }
        return new DedupeKey(
                (long) LONG.get(hash, 0),
                (long) LONG.get(hash, Long.BYTES),
                DedupeKey.dayOf(event.rawTimeSeconds()));
    }

    /** The identity of the event whose key was made last; {@link #UNKNOWN} if it has none. */
    public int identity() {
        if (last == null) {
            return UNKNOWN;
        }
        long hash = FNV_OFFSET;
        if (recipe == DedupeRecipe.INSERT_ID) {
            hash = mix(hash, Text.DISTINCT_ID);
        } else {
            hash = mix(hash, Text.NAME);
            hash = (hash ^ last.rawTimeSeconds()) * FNV_PRIME;
            hash = mix(hash, Text.INSERT_ID);
        }
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        int identity = (int) (hash >>> 33);
        return identity == UNKNOWN ? 1 : identity;
    }

    /**
     * What the key file keeps of the event whose key was made last: its {@link ContentHash} in the
     * upper 32 bits, its identity in the lower ones.
     */
    public long mark() {
        return last == null ? UNKNOWN : (long) content.of(last) << 32 | identity();
    }

    private long mix(long hash, Text text) {
        int length = last.copyAscii(text, pending, 0);
        if (length == ExportEvent.NOT_COPIED) {
            return mix(hash, last.text(text));
        }
        long mixed = (hash ^ length) * FNV_PRIME;
        for (int i = 0; i < length; i++) {
            mixed = (mixed ^ pending[i]) * FNV_PRIME;
        }
        return mixed;
    }

    private static long mix(long hash, String text) {
        int length = text == null ? -1 : text.length();
        long mixed = (hash ^ length) * FNV_PRIME;
        for (int i = 0; i < length; i++) {
            mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
        }
        return mixed;
    }

    /** Whether the fields identify the event; if not, the hash must be started again. */
    private boolean hashFields(ExportEvent event) {
        if (event.rawTimeSeconds() == null || !event.hasInsertId()) {
            return false;
        }
        makeRoom(1);
        pending[size++] = (byte) code(recipe);
        if (!put(event, Text.NAME)) {
            return false;
        }
        makeRoom(Long.BYTES);
        LONG.set(pending, size, (long) event.rawTimeSeconds());
        size += Long.BYTES;
        if (recipe == DedupeRecipe.MIXPANEL && !put(event, Text.DISTINCT_ID)) {
            return false;
        }
        if (!put(event, Text.INSERT_ID)) {
            return false;
        }
        flush();
        return true;
    }

    /** Puts a text; false when it holds U+FFFD. */
    private boolean put(ExportEvent event, Text text) {
        makeRoom(Integer.BYTES);
        int length = event.copyAscii(text, pending, size + Integer.BYTES);
        if (length == ExportEvent.NOT_COPIED) {
            return put(event.text(text));
        }
        INT.set(pending, size, length);
        size += Integer.BYTES + length;
        return true;
    }

    private boolean put(String text) {
        makeRoom(Integer.BYTES);
        INT.set(pending, size, text == null ? -1 : text.length());
        size += Integer.BYTES;
        return text == null || putFrom(putAscii(text), text);
    }

    /** Puts the leading ASCII units, as far as they fit: mostly the whole text. */
    private int putAscii(String text) {
        int most = Math.min(text.length(), pending.length - size);
        int units = 0;
        while (units < most) {
            char unit = text.charAt(units);
            if (unit >= 0x80) {
                break;
            }
            pending[size + units++] = (byte) unit;
        }
        size += units;
        return units;
    }

    private boolean putFrom(int start, String text) {
        for (int i = start; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == REPLACEMENT) {
                return false;
            }
            makeRoom(MAX_UNIT_BYTES);
            // not String.getBytes, which turns every unpaired surrogate into '?'
            if (unit < 0x80) {
                pending[size++] = (byte) unit;
            } else if (unit < 0x800) {
                pending[size++] = (byte) (0xc0 | unit >> 6);
                pending[size++] = (byte) (0x80 | unit & 0x3f);
            } else {
                pending[size++] = (byte) (0xe0 | unit >> 12);
                pending[size++] = (byte) (0x80 | unit >> 6 & 0x3f);
                pending[size++] = (byte) (0x80 | unit & 0x3f);
            }
        }
        return true;
    }

    private void makeRoom(int bytes) {
        if (pending.length - size < bytes) {
            flush();
        }
    }

    private void flush() {
        sha256.update(pending, 0, size);
        size = 0;
    }
}
