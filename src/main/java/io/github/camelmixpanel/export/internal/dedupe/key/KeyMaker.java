package io.github.camelmixpanel.export.internal.dedupe.key;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes the same key of the same event for ever: what is hashed never changes, since all keys on
 * disk would be worth nothing.
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
 * <p>A text is its number of UTF-16 units and then each unit by itself in UTF-8; one that is
 * missing is the number -1, and so not the same as an empty one.
 *
 * <p>It is one byte 0 and then the whole line instead where those fields may not tell one event
 * from another: without a readable time, without {@code $insert_id} or with an empty one, and where
 * a field holds U+FFFD, which stands for bytes that were no UTF-8 and may have differed.
 *
 * <p>An identity goes with each key: 31 bits that tell whether Mixpanel has rewritten the {@code
 * distinct_id} of an event, as it does when it merges users. With {@code INSERT_ID}, whose key
 * stays the same, it is a hash of {@code distinct_id}: another one tells. With {@code MIXPANEL},
 * whose key changes, it is a hash of event name, raw time and {@code $insert_id}: a key that went
 * and one that came with the same identity are such an event. It is only counted by, so 31 bits do,
 * and a faster hash: FNV-1a of 64 bits over the UTF-16 units, each text with its length before it,
 * mixed.
 *
 * <p>Not thread-safe. It keeps about 1 KB and allocates nothing but the key.
 */
public final class KeyMaker {

    /** The identity of events that are compared by their whole line. */
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
    private final MessageDigest sha256;
    private final byte[] pending = new byte[1024];
    private final byte[] hash = new byte[32];

    /** How many bytes of {@link #pending} are still to be hashed. */
    private int size;

    /** The event whose key was made last, if its fields tell it from others. */
    private ExportEvent last;

    public KeyMaker(DedupeRecipe recipe) {
        this.recipe = recipe;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
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
            sha256.update(event.json());
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
            hash = mix(hash, last.distinctId());
        } else {
            hash = mix(hash, last.name());
            hash = (hash ^ last.rawTimeSeconds()) * FNV_PRIME;
            hash = mix(hash, last.insertId());
        }
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        int identity = (int) (hash >>> 33);
        return identity == UNKNOWN ? 1 : identity;
    }

    private static long mix(long hash, String text) {
        int length = text == null ? -1 : text.length();
        long mixed = (hash ^ length) * FNV_PRIME;
        for (int i = 0; i < length; i++) {
            mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
        }
        return mixed;
    }

    /** Whether the fields tell the event from others; if not, the hash is to be begun again. */
    private boolean hashFields(ExportEvent event) {
        String insertId = event.insertId();
        if (event.rawTimeSeconds() == null || insertId == null || insertId.isEmpty()) {
            return false;
        }
        makeRoom(1);
        pending[size++] = (byte) code(recipe);
        if (!put(event.name())) {
            return false;
        }
        makeRoom(Long.BYTES);
        LONG.set(pending, size, (long) event.rawTimeSeconds());
        size += Long.BYTES;
        if (recipe == DedupeRecipe.MIXPANEL && !put(event.distinctId())) {
            return false;
        }
        if (!put(insertId)) {
            return false;
        }
        flush();
        return true;
    }

    /** Puts a text; false when it holds U+FFFD. */
    private boolean put(String text) {
        makeRoom(Integer.BYTES);
        INT.set(pending, size, text == null ? -1 : text.length());
        size += Integer.BYTES;
        return text == null || putFrom(putAscii(text), text);
    }

    /**
     * Puts the units before the first that is no ASCII, as far as they fit; most texts are done.
     */
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
            // not String.getBytes: it makes one and the same '?' of every unpaired surrogate
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
