package io.github.camelmixpanel.export.dedupe;

/**
 * A key and its line as one 192-bit unsigned number, so that they sort and compare without a look
 * at their parts: 24 bits of day, 128 of hash, 40 of line.
 *
 * <p>Their order: by day, undated first, then by hash as an unsigned number, then by line. A mark
 * goes with them and is no part of it. Not thread-safe.
 */
class PackedKey {

    /** Lines have 40 bits: a trillion of them. */
    static final long MAX_LINE = (1L << 40) - 1;

    /** In a mark: the last export of the key's whole day had it. */
    static final long CURRENT = 1L << 31;

    private static final int DAY_OFFSET = 1 << 23;

    long first;
    long second;
    long third;

    /** {@link #CURRENT}, if it is, and the {@link KeyMaker#identity} of the event. */
    long mark;

    final int day() {
        return unpackDay((int) (first >>> 40));
    }

    final long high() {
        return first << 24 | second >>> 40;
    }

    final long low() {
        return second << 24 | third >>> 40;
    }

    final long line() {
        return third & MAX_LINE;
    }

    final boolean isCurrent() {
        return (mark & CURRENT) != 0;
    }

    final int identity() {
        return (int) (mark & ~CURRENT);
    }

    final void set(int day, long high, long low, long line, long newMark) {
        first = first(day, high);
        second = second(high, low);
        third = third(low, line);
        mark = newMark;
    }

    final void set(PackedKey other) {
        first = other.first;
        second = other.second;
        third = other.third;
        mark = other.mark;
    }

    /** Compares keys without their lines. */
    final int compareKey(PackedKey other) {
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
        return (long) packDay(day) << 40 | high >>> 24;
    }

    static long second(long high, long low) {
        return high << 40 | low >>> 24;
    }

    static long third(long low, long line) {
        return low << 40 | line;
    }

    private static int packDay(int day) {
        return day == DedupeKey.UNDATED ? 0 : day + DAY_OFFSET;
    }

    private static int unpackDay(int packed) {
        return packed == 0 ? DedupeKey.UNDATED : packed - DAY_OFFSET;
    }
}
