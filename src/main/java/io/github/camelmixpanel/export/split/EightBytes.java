package io.github.camelmixpanel.export.split;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes in eight bytes at a time, which are held in a long, the first one lowest. */
final class EightBytes {

    static final int LENGTH = Long.BYTES;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long SPACES = ONES * ' ';

    private EightBytes() {}

    static long at(byte[] bytes, int i) {
        return (long) LONGS.get(bytes, i);
    }

    /** Eight times the same ASCII character. */
    static long allOf(char c) {
        return ONES * c;
    }

    // Both of these set the high bit of the first byte found, and of none before it; what is above
    // that bit may be wrong. So may be or-ed what they give.

    /**
     * @param all from {@link #allOf}
     */
    static long find(long eight, long all) {
        long zero = eight ^ all;
        return (zero - ONES) & ~zero & HIGH_BITS;
    }

    /** Finds a byte below 0x20. */
    static long findControl(long eight) {
        return (eight - SPACES) & ~eight & HIGH_BITS;
    }

    /** Which of the eight bytes was found, from 0. */
    static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }

    static boolean anyAbove7F(long eight) {
        return (eight & HIGH_BITS) != 0;
    }
}
