package io.github.camelmixpanel.export.internal.dedupe.key;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Holds keys in the order in which they were added, {@value #KEY_BYTES} bytes each in the layout of
 * a run file, without an object per key. Not thread-safe.
 */
public final class KeyList {

    /** Key day in 4 bytes and key in 16. */
    public static final int KEY_BYTES = Integer.BYTES + 2 * Long.BYTES;

    private static final int FIRST_KEYS = 64;

    private ByteBuffer keys = ByteBuffer.allocate(FIRST_KEYS * KEY_BYTES);

    /** Removes all keys and keeps the capacity. */
    public void clear() {
        keys.clear();
    }

    public void addAll(List<DedupeKey> more) {
        for (int i = 0; i < more.size(); i++) {
            DedupeKey key = more.get(i);
            add(key.keyDay(), key.high(), key.low());
        }
    }

    public void addAll(KeyList more) {
        for (ByteBuffer left = more.keys.duplicate().flip(); left.hasRemaining(); ) {
            add(left.getInt(), left.getLong(), left.getLong());
        }
    }

    public int size() {
        return keys.position() / KEY_BYTES;
    }

    /** The bytes of the keys from the one at {@code from} to the one before {@code to}. */
    public ByteBuffer bytes(int from, int to) {
        return keys.slice(from * KEY_BYTES, (to - from) * KEY_BYTES);
    }

    private void add(int day, long high, long low) {
        if (!keys.hasRemaining()) {
            keys = ByteBuffer.allocate(Math.multiplyExact(2, keys.capacity())).put(keys.flip());
        }
        keys.putInt(day).putLong(high).putLong(low);
    }
}
