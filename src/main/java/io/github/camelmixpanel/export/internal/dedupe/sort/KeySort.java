package io.github.camelmixpanel.export.internal.dedupe.sort;

import java.util.Arrays;

/**
 * Sorts packed keys in place, each four words of an array, by their first three as one unsigned
 * number, in a time that depends on the number of keys alone.
 *
 * <p>It is a radix sort from the first byte on: hashes differ at once, and equal keys end at the
 * last byte.
 */
final class KeySort {

    static final int WORDS = 4;

    private static final int LAST_BYTE = (WORDS - 1) * Long.BYTES - 1;
    private static final int FEW = 24;

    private final long[] words;

    /** For each byte position, where each of its 256 buckets ends, and where its next key goes. */
    private final int[][] ends = new int[LAST_BYTE + 1][];

    private final int[][] nexts = new int[LAST_BYTE + 1][];

    private KeySort(long[] words) {
        this.words = words;
    }

    /** Sorts the first {@code keys} keys of the array. */
    static void sort(long[] words, int keys) {
        new KeySort(words).sort(0, keys, 0);
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
        return (int) (words[key * WORDS + (position >>> 3)] >>> (56 - 8 * (position & 7))) & 0xff;
    }

    private void swap(int one, int other) {
        int i = one * WORDS;
        int j = other * WORDS;
        for (int word = 0; word < WORDS; word++) {
            long kept = words[i + word];
            words[i + word] = words[j + word];
            words[j + word] = kept;
        }
    }

    private void insert(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long first = words[i * WORDS];
            long second = words[i * WORDS + 1];
            long third = words[i * WORDS + 2];
            long mark = words[i * WORDS + 3];
            int at = i;
            while (at > from && isAfter((at - 1) * WORDS, first, second, third)) {
                System.arraycopy(words, (at - 1) * WORDS, words, at * WORDS, WORDS);
                at--;
            }
            words[at * WORDS] = first;
            words[at * WORDS + 1] = second;
            words[at * WORDS + 2] = third;
            words[at * WORDS + 3] = mark;
        }
    }

    private boolean isAfter(int index, long first, long second, long third) {
        if (words[index] != first) {
            return Long.compareUnsigned(words[index], first) > 0;
        }
        if (words[index + 1] != second) {
            return Long.compareUnsigned(words[index + 1], second) > 0;
        }
        return Long.compareUnsigned(words[index + 2], third) > 0;
    }
}
