package io.github.camelmixpanel.export.internal.dedupe.sort;

import java.util.Arrays;
import java.util.List;

/**
 * Sorts packed keys in place, each four words of a block, by their first three as one unsigned
 * number, in a time that depends on the number of keys alone.
 *
 * <p>It is a radix sort from the first byte on: hashes differ at once, and equal keys end at the
 * last byte.
 */
final class KeySort {

    static final int WORDS = 4;

    private static final int BLOCK_BITS = 12;

    /** Of each block but the last: 128 KB, which no garbage collector treats as a large object. */
    static final int BLOCK_KEYS = 1 << BLOCK_BITS;

    private static final int LAST_BYTE = (WORDS - 1) * Long.BYTES - 1;
    private static final int FEW = 24;

    private final long[][] blocks;

    /** For each byte position, where each of its 256 buckets ends, and where its next key goes. */
    private final int[][] ends = new int[LAST_BYTE + 1][];

    private final int[][] nexts = new int[LAST_BYTE + 1][];

    private KeySort(long[][] blocks) {
        this.blocks = blocks;
    }

    /** Sorts the first {@code keys} keys of these blocks. */
    static void sort(List<long[]> blocks, int keys) {
        new KeySort(blocks.toArray(new long[0][])).sort(0, keys, 0);
    }

    private void sort(int from, int to, int position) {
        if (to - from <= FEW) {
            insert(from, to);
            return;
        }
        int[] end = count(from, to, position);
        int[] next = nexts[position];
        int bucketOfFirst = byteOf(from, position);
        boolean onlyBucket = end[bucketOfFirst] - next[bucketOfFirst] == to - from;
        if (!onlyBucket) {
            distribute(end, next, position);
        }
        if (position == LAST_BYTE) {
            return;
        }
        if (onlyBucket) {
            sort(from, to, position + 1);
            return;
        }
        int start = from;
        for (int bucketEnd : end) {
            if (bucketEnd - start > 1) {
                sort(start, bucketEnd, position + 1);
            }
            start = bucketEnd;
        }
    }

    private int[] count(int from, int to, int position) {
        if (ends[position] == null) {
            ends[position] = new int[256];
            nexts[position] = new int[256];
        }
        int[] end = ends[position];
        Arrays.fill(end, 0);
        for (int i = from; i < to; i++) {
            end[byteOf(i, position)]++;
        }
        int start = from;
        for (int bucket = 0; bucket < 256; bucket++) {
            nexts[position][bucket] = start;
            start += end[bucket];
            end[bucket] = start;
        }
        return end;
    }

    /** Swaps every key into its bucket. */
    private void distribute(int[] end, int[] next, int position) {
        for (int bucket = 0; bucket < 256; bucket++) {
            while (next[bucket] < end[bucket]) {
                int at = next[bucket];
                int right = byteOf(at, position);
                if (right == bucket) {
                    next[bucket]++;
                } else {
                    swap(at, next[right]++);
                }
            }
        }
    }

    private int byteOf(int key, int position) {
        return (int) (block(key)[at(key) + (position >>> 3)] >>> (56 - 8 * (position & 7))) & 0xff;
    }

    private long[] block(int key) {
        return blocks[key >>> BLOCK_BITS];
    }

    private static int at(int key) {
        return (key & BLOCK_KEYS - 1) * WORDS;
    }

    private void swap(int one, int other) {
        long[] a = block(one);
        long[] b = block(other);
        int i = at(one);
        int j = at(other);
        for (int word = 0; word < WORDS; word++) {
            long kept = a[i + word];
            a[i + word] = b[j + word];
            b[j + word] = kept;
        }
    }

    private void insert(int from, int to) {
        for (int key = from + 1; key < to; key++) {
            for (int at = key; at > from && isAfter(at - 1, at); at--) {
                swap(at - 1, at);
            }
        }
    }

    private boolean isAfter(int one, int other) {
        long[] a = block(one);
        long[] b = block(other);
        int i = at(one);
        int j = at(other);
        int word = 0;
        while (word < WORDS - 2 && a[i + word] == b[j + word]) {
            word++;
        }
        return Long.compareUnsigned(a[i + word], b[j + word]) > 0;
    }
}
