package io.github.camelmixpanel.export.internal.dedupe.sort;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts any number of keys within a memory limit: what exceeds it goes, in sorted parts, to one
 * temporary file and is merged from there.
 *
 * <p>A key takes {@value #KEY_BYTES} bytes, in memory as on disk, and memory is taken as keys come,
 * by blocks of {@value KeySort#BLOCK_KEYS} keys. The file's name ends with {@code .tmp}; only its
 * owner can read it, and it is gone after {@link #close}. Not thread-safe.
 */
public final class KeySorter implements Closeable {

    static final int KEY_BYTES = KeySort.WORDS * Long.BYTES;

    private static final int BLOCK = 2048 * KEY_BYTES; // 64 KB
    private static final int FEWEST_KEYS = 16;

    private final Path folder;
    private final long memoryBytes;
    private final int maxKeys;
    private final Disk disk;

    /** Of {@link KeySort#BLOCK_KEYS} keys each. */
    private List<long[]> blocks = new ArrayList<>();

    /** The number of keys in {@link #blocks}. */
    private int keys;

    /** The one being filled, where its next key goes, and where it ends. */
    private long[] words = {};

    private int next;
    private boolean sealed;

    private Path temporary;
    private DurableFile spilled;

    /** The ends of the sorted parts in the file, in bytes. */
    private final List<Long> ends = new ArrayList<>();

    /**
     * @param folder for the temporary file; it must exist once the keys exceed the memory
     * @param memoryBytes the limit, at least 512 (16 keys)
     */
    public KeySorter(Path folder, long memoryBytes, Disk disk) {
        this.folder = folder;
        this.memoryBytes = memoryBytes;
        long most = Math.min(memoryBytes / KEY_BYTES, Integer.MAX_VALUE - KeySort.BLOCK_KEYS);
        this.maxKeys = (int) Math.max(FEWEST_KEYS, most);
        this.disk = disk;
    }

    /**
     * Adds a key.
     *
     * @param line from 0 to {@link KeyCursor#MAX_LINE}
     * @throws IllegalStateException when {@link #sorted()} was called
     */
    public void add(int day, long high, long low, long line, long mark) throws IOException {
        if (sealed) {
            throw new IllegalStateException("The keys were read already; no more can be added");
        }
        if (line < 0 || line > PackedKey.MAX_LINE) {
            throw new IllegalArgumentException("Line " + line + " is out of range");
        }
        if (next == words.length) {
            nextBlock();
        }
        words[next] = PackedKey.first(day, high);
        words[next + 1] = PackedKey.second(high, low);
        words[next + 2] = PackedKey.third(low, line);
        words[next + 3] = mark;
        next += KeySort.WORDS;
        keys++;
    }

    /** All keys in order; may be called repeatedly. */
    public KeyCursor sorted() throws IOException {
        if (blocks == null && spilled == null) {
            throw new IllegalStateException("The sorter is closed");
        }
        if (!sealed) {
            if (spilled == null) {
                KeySort.sort(blocks, keys);
            } else {
                spill();
                blocks = null;
                words = null;
            }
            sealed = true;
        }
        if (spilled == null) {
            return new InMemory(blocks, keys);
        }
        int block = blockOf(memoryBytes / ends.size());
        List<KeyCursor> parts = new ArrayList<>();
        long start = 0;
        for (long end : ends) {
            parts.add(new Part(spilled, start, end, block));
            start = end;
        }
        return new MergedKeys(parts);
    }

    /** Deletes the temporary file, and ends all cursors. */
    @Override
    public void close() throws IOException {
        sealed = true;
        blocks = null;
        words = null;
        if (spilled != null) {
            try {
                spilled.close();
            } finally {
                spilled = null;
                Files.deleteIfExists(temporary);
            }
        }
    }

    private static int blockOf(long bytes) {
        long whole = bytes / KEY_BYTES * KEY_BYTES;
        return (int) Math.max(FEWEST_KEYS * KEY_BYTES, Math.min(BLOCK, whole));
    }

    private void nextBlock() throws IOException {
        if (keys == maxKeys) {
            spill();
        }
        int block = keys / KeySort.BLOCK_KEYS;
        if (block == blocks.size()) {
            blocks.add(new long[Math.min(KeySort.BLOCK_KEYS, maxKeys - keys) * KeySort.WORDS]);
        }
        words = blocks.get(block);
        next = 0;
    }

    private void spill() throws IOException {
        KeySort.sort(blocks, keys);
        if (spilled == null) {
            // with POSIX permissions only its owner can read it
            temporary = Files.createTempFile(folder, "sort-", ".tmp");
            spilled = new DurableFile(temporary);
        }
        long position = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
        for (int key = 0; key < keys; key += KeySort.BLOCK_KEYS) {
            byte[] bytes = new byte[Math.min(keys - key, KeySort.BLOCK_KEYS) * KEY_BYTES];
            long[] block = blocks.get(key / KeySort.BLOCK_KEYS);
            ByteBuffer.wrap(bytes).asLongBuffer().put(block, 0, bytes.length / Long.BYTES);
            disk.write(spilled, position, bytes);
            position += bytes.length;
        }
        ends.add(position);
        keys = 0;
    }

    private static final class InMemory extends KeyCursor {

        private final List<long[]> blocks;
        private final int end;
        private int key;

        InMemory(List<long[]> blocks, int keys) {
            this.blocks = blocks;
            this.end = keys;
        }

        @Override
        public boolean next() {
            if (key == end) {
                return false;
            }
            long[] words = blocks.get(key / KeySort.BLOCK_KEYS);
            int at = key % KeySort.BLOCK_KEYS * KeySort.WORDS;
            first = words[at];
            second = words[at + 1];
            third = words[at + 2];
            mark = words[at + 3];
            key++;
            return true;
        }

        @Override
        public void close() {
            key = end;
        }
    }

    /** A sorted part of the file, which is open as long as the sorter is. */
    private static final class Part extends KeyCursor {

        private final DurableFile file;
        private final byte[] block;
        private final LongBuffer keys;
        private final long end;
        private long position;

        Part(DurableFile file, long start, long end, int blockBytes) {
            this.file = file;
            this.block = new byte[blockBytes];
            this.keys = ByteBuffer.wrap(block).asLongBuffer().limit(0);
            this.position = start;
            this.end = end;
        }

        @Override
        public boolean next() throws IOException, LedgerException {
            if (!keys.hasRemaining()) {
                if (position == end) {
                    return false;
                }
                int length = (int) Math.min(block.length, end - position);
                file.seek(position);
                file.readFully(block, 0, length);
                position += length;
                keys.clear().limit(length / Long.BYTES);
            }
            first = keys.get();
            second = keys.get();
            third = keys.get();
            mark = keys.get();
            return true;
        }

        @Override
        public void close() {
            position = end;
        }
    }
}
