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
    private static final long QUOTES_BELOW_SPACES = ONES * ('"' ^ ' ');
    private static final long ABOVE_SPACES = ONES * (' ' + 1);
    private static final long BACKSLASHES = ONES * '\\';

    private EightBytes() {}

    static long at(byte[] bytes, int i) {
        return (long) LONGS.get(bytes, i);
    }

    /** Eight times the same ASCII character. */
    static long allOf(char c) {
        return ONES * c;
    }

    // Both of these set the high bit of the first byte found, and of none before it; what is above
    // that bit may be wrong.

    /**
     * @param all from {@link #allOf}
     */
    static long find(long eight, long all) {
        long zero = eight ^ all;
        return (zero - ONES) & ~zero & HIGH_BITS;
    }

    /** Finds what does not simply stand for itself in a JSON string: " and \ and all below 0x20. */
    static long findSpecial(long eight) {
        // flipping one bit puts the quote where the space was, right above the control characters
        long low = (eight ^ QUOTES_BELOW_SPACES) - ABOVE_SPACES;
        long backslash = (eight ^ BACKSLASHES) - ONES;
        return (low | backslash) & ~eight & HIGH_BITS;
    }

    /** Which of the eight bytes was found, from 0. */
    static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }

    static boolean anyAbove7F(long eight) {
        return (eight & HIGH_BITS) != 0;
    }
}
