package io.github.camelmixpanel.export.internal.pipeline.ack;

import java.util.Arrays;

/** A small set of numbers in order, without an object per number. Not thread-safe. */
final class SortedLongs {

    private long[] values = new long[16];
    private int size;

    boolean add(long value) {
        int at = Arrays.binarySearch(values, 0, size, value);
        if (at >= 0) {
            return false;
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        int insertion = -at - 1;
        System.arraycopy(values, insertion, values, insertion + 1, size - insertion);
        values[insertion] = value;
        size++;
        return true;
    }

    boolean remove(long value) {
        int at = Arrays.binarySearch(values, 0, size, value);
        if (at < 0) {
            return false;
        }
        System.arraycopy(values, at + 1, values, at, size - at - 1);
        size--;
        return true;
    }

    /** The smallest; the set must not be empty. */
    long first() {
        return values[0];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }
}
