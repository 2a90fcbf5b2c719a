package io.github.camelmixpanel.export.internal.split.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes in eight bytes at a time, which are held in a long, the first one lowest. */
public final class Swar {

    public static final int LENGTH = Long.BYTES;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long LOW_BITS = ~HIGH_BITS;
    private static final long QUOTES_BELOW_SPACES = ONES * ('"' ^ ' ');
    private static final long SPACES = ONES * ' ';
    private static final long BACKSLASHES = ONES * '\\';

    /** Times the high bits of eight bytes puts them into the highest byte, in their order. */
    private static final long GATHER = 0x0002040810204081L;

    private Swar() {}

    public static long at(byte[] bytes, int i) {
        return (long) LONGS.get(bytes, i);
    }

    /** Eight times the same ASCII character. */
    public static long allOf(char c) {
        return ONES * c;
    }

    /**
     * Sets the high bit of the first byte found, and of none before it; what is above that bit may
     * be wrong.
     *
     * @param all from {@link #allOf}
     */
    public static long find(long eight, long all) {
        long zero = eight ^ all;
        return (zero - ONES) & ~zero & HIGH_BITS;
    }

    /**
     * Which of the eight bytes are {@code "}, {@code \} or below 0x20: a bit each, the first one
     * lowest.
     */
    static long specials(long eight) {
        long low = eight & LOW_BITS;
        // flipping one bit puts the quote where the space was, right above the control characters
        long aboveSpace = (low ^ QUOTES_BELOW_SPACES) + (LOW_BITS - SPACES);
        long noBackslash = (low ^ BACKSLASHES) + LOW_BITS;
        long found = ~(aboveSpace & noBackslash | eight) & HIGH_BITS;
        return found * GATHER >>> Long.SIZE - LENGTH;
    }

    /** Which of the eight bytes was found, from 0. */
    public static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }
}
