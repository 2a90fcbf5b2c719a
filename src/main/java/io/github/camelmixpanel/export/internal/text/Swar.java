package io.github.camelmixpanel.export.internal.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Searches eight bytes at a time, held in a long with the first byte lowest. */
public final class Swar {

    public static final int LENGTH = Long.BYTES;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long LOW_BITS = ~HIGH_BITS;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    /** Multiplication by it gathers the high bits of eight bytes in the highest byte, in order. */
    private static final long GATHER = 0x0002040810204081L;

    private Swar() {}

    public static long at(byte[] bytes, int i) {
        return (long) LONGS.get(bytes, i);
    }

    /** The same ASCII character eight times. */
    public static long allOf(char c) {
        return ONES * c;
    }

    /**
     * Sets the high bit of the first matching byte, and of none before it; bits above it may be
     * wrong.
     *
     * @param all from {@link #allOf}
     */
    public static long find(long eight, long all) {
        long zero = eight ^ all;
        return (zero - ONES) & ~zero & HIGH_BITS;
    }

    /** Whether no byte in {@code [from, to)} is above 0x7F. */
    public static boolean isAscii(byte[] bytes, int from, int to) {
        long all = 0;
        if (to - from >= LENGTH) {
            for (int i = from; i < to - LENGTH; i += LENGTH) {
                all |= at(bytes, i);
            }
            all |= at(bytes, to - LENGTH); // some of it twice, instead of a loop over the rest
        } else {
            for (int i = from; i < to; i++) {
                all |= bytes[i];
            }
        }
        return (all & HIGH_BITS) == 0;
    }

    /**
     * One bit for each of the eight bytes, the first one lowest: whether it is {@code "} or {@code
     * \}.
     */
    public static long specials(long eight) {
        long low = eight & LOW_BITS;
        long noQuote = (low ^ QUOTES) + LOW_BITS;
        long noBackslash = (low ^ BACKSLASHES) + LOW_BITS;
        long found = ~(noQuote & noBackslash | eight) & HIGH_BITS;
        return found * GATHER >>> Long.SIZE - LENGTH;
    }

    /** The index of the first match of {@link #find}, from 0. */
    public static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }
}
