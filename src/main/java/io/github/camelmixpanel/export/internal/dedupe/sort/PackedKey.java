package io.github.camelmixpanel.export.internal.dedupe.sort;

import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;

/**
 * Packs a key and its line into one 192-bit unsigned number, so that they sort and compare as a
 * whole: 24 bits of day, 128 of hash, 40 of line.
 *
 * <p>The order is by day, undated first, then by hash as an unsigned number, then by line. The mark
 * is not part of it. Not thread-safe.
 */
public class PackedKey {

    /** Lines have 40 bits: a trillion of them. */
    static final long MAX_LINE = (1L << 40) - 1;

    /** In a mark: the last export of the key's whole day had it. */
    public static final long CURRENT = 1L << 31;

    private static final int DAY_OFFSET = 1 << 23;

    long first;
    long second;
    long third;

    /** {@link #CURRENT}, where it applies, and what {@code KeyMaker.mark} says of the event. */
    public long mark;

    public final int day() {
        int packed = (int) (first >>> 40);
        return packed == 0 ? DedupeKey.UNDATED : packed - DAY_OFFSET;
    }

    public final long high() {
        return first << 24 | second >>> 40;
    }

    public final long low() {
        return second << 24 | third >>> 40;
    }

    public final long line() {
        return third & MAX_LINE;
    }

    public final boolean isCurrent() {
        return (mark & CURRENT) != 0;
    }

    public final int identity() {
        return (int) (mark & ~CURRENT);
    }

    public final int content() {
        return (int) (mark >>> 32);
    }

    public final void set(int day, long high, long low, long line, long newMark) {
        first = first(day, high);
        second = second(high, low);
        third = third(low, line);
        mark = newMark;
    }

    public final void set(PackedKey other) {
        first = other.first;
        second = other.second;
        third = other.third;
        mark = other.mark;
    }

    /** Compares keys without their lines. */
    public final int compareKey(PackedKey other) {
        int order = Long.compareUnsigned(first, other.first);
        if (order == 0) {
            order = Long.compareUnsigned(second, other.second);
        }
        return order != 0 ? order : Long.compare(third >>> 40, other.third >>> 40);
    }

    final boolean isBefore(PackedKey other) {
        if (first != other.first) {
            return Long.compareUnsigned(first, other.first) < 0;
        }
        if (second != other.second) {
            return Long.compareUnsigned(second, other.second) < 0;
        }
        return Long.compareUnsigned(third, other.third) < 0;
    }

    static long first(int day, long high) {
        long packed = day == DedupeKey.UNDATED ? 0 : day + DAY_OFFSET;
        return packed << 40 | high >>> 24;
    }

    static long second(long high, long low) {
        return high << 40 | low >>> 24;
    }

    static long third(long low, long line) {
        return low << 40 | line;
    }
}
