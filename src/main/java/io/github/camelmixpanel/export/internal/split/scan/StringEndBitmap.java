package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.text.Swar;

/**
 * Marks the bytes of a line that may end a JSON string or need care in it: {@code "} and {@code \}.
 *
 * <p>It finds them for the whole line in one pass, eight bytes at a time and without a branch, and
 * keeps one bit each: finding the end of a string then takes no loop whose length the processor
 * would have to predict.
 */
final class StringEndBitmap {

    private static final int WORD = Long.SIZE;
    private static final int WORD_BITS = 6; // the lowest bits of a position, inside a word

    private long[] words = new long[32];

    /** Replaces the marks of the previous line by those from {@code from} to before {@code end}. */
    void find(byte[] bytes, int from, int end) {
        int needed = bytes.length / WORD + 2;
        if (words.length < needed) {
            words = new long[needed + needed / 2];
        }
        // by ones, as the compiler recompiles other loops two or three times
        int full = end / WORD;
        for (int word = from / WORD; word < full; word++) {
            long bits = 0;
            for (int k = 0; k < WORD; k += Swar.LENGTH) {
                bits |= Swar.specials(Swar.at(bytes, word * WORD + k)) << k;
            }
            words[word] = bits;
        }
        long bits = 1L << end; // so that there is always a next mark
        int eights = end / Swar.LENGTH;
        for (int eight = full * (WORD / Swar.LENGTH); eight < eights; eight++) {
            int i = eight * Swar.LENGTH;
            bits |= Swar.specials(Swar.at(bytes, i)) << i;
        }
        for (int i = eights * Swar.LENGTH; i < end; i++) {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                bits |= 1L << i;
            }
        }
        words[full] = bits;
        words[full + 1] = 0;
    }

    /** The position of the first mark from here on; the end of the line if there is none. */
    int next(int from) {
        int word = from >>> WORD_BITS;
        // the next 64 bytes, of two words
        long window = words[word] >>> from | words[word + 1] << 1 << ~from;
        if (window != 0) {
            return from + Long.numberOfTrailingZeros(window);
        }
        do {
            word++;
        } while (words[word] == 0);
        return (word << WORD_BITS) + Long.numberOfTrailingZeros(words[word]);
    }
}
