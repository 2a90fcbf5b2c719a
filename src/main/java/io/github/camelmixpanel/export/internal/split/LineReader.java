package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.internal.text.Swar;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Splits a body into lines at byte 0x0A and nowhere else, whatever the bytes mean as text, and
 * shows each line where it stands, without the line end.
 *
 * <p>Characters that other readers treat as line ends (U+2028, U+0085, a carriage return inside a
 * line) occur in property values that Mixpanel exports (observed) and remain part of the line; only
 * a carriage return at the very end of a line belongs to the line end.
 *
 * <p>Memory: one block of 256 KiB; while a line is longer than that, one of up to {@code
 * maxLineSize} more. Not thread-safe. Closing it closes the source.
 */
public final class LineReader implements Closeable {

    static final int BLOCK_BYTES = 256 * 1024;

    private static final long NEWLINES = Swar.allOf('\n');

    private final InputStream source;
    private final int maxLineSize;
    private final int blockBytes;
    private byte[] block;
    private int start; // of the next line in the block
    private int scanned; // no newline between start and here
    private int limit;
    private boolean cut; // of the next line, bytes beyond maxLineSize were dropped
    private int from; // of the current line
    private int to;
    private long lineNumber;
    private boolean tooLong;
    private boolean ended = true;

    /**
     * @param source read in blocks, so it needs no buffer
     * @param maxLineSize in bytes, without the line end; at least 1
     */
    public LineReader(InputStream source, int maxLineSize) {
        this(source, maxLineSize, BLOCK_BYTES);
    }

    LineReader(InputStream source, int maxLineSize, int blockBytes) {
        if (maxLineSize < 1) {
            throw new IllegalArgumentException(
                    "maxLineSize is " + maxLineSize + "; it must be at least 1");
        }
        this.source = Objects.requireNonNull(source);
        this.maxLineSize = maxLineSize;
        this.blockBytes = blockBytes;
        this.block = new byte[blockBytes];
    }

    /**
     * The next line in an array of its own, or null at the end of the body, as {@link #advance} has
     * it.
     */
    public byte[] next() throws IOException {
        return advance(0) ? copy() : null;
    }

    /**
     * Goes to the next line; a blank one has no bytes. Of a line longer than {@code maxLineSize}
     * only the first {@code maxLineSize} bytes are shown, and {@link #tooLong()} is true.
     *
     * @param length of the line where an earlier reading of this body has shown it, which saves the
     *     search for its end; else 0
     * @return false at the end of the body; a body without bytes has no lines, and a newline at its
     *     end starts none
     */
    boolean advance(int length) throws IOException {
        while (true) {
            int newline =
                    isKnownEnd(start + length, length)
                            ? start + length
                            : indexOfNewline(block, scanned, limit);
            if (newline >= 0) {
                take(newline);
                start = newline + 1;
                scanned = start;
                return true;
            }
            makeRoom();
            int n = source.read(block, limit, block.length - limit);
            if (n < 0) {
                return last();
            }
            limit += n;
        }
    }

    private boolean isKnownEnd(int end, int length) {
        return length > 0 && end < limit && block[end] == '\n';
    }

    /** An array that holds the current line; its bytes are others after the next advance. */
    byte[] bytes() {
        return block;
    }

    /** Where the current line begins in {@link #bytes()}. */
    int from() {
        return from;
    }

    /** The position behind the current line in {@link #bytes()}. */
    int to() {
        return to;
    }

    /** The current line in an array of its own. */
    byte[] copy() {
        return Arrays.copyOfRange(block, from, to);
    }

    /** Number of the current line, from 1; 0 before the first. */
    public long lineNumber() {
        return lineNumber;
    }

    /** Whether the current line is cut to {@code maxLineSize}. */
    public boolean tooLong() {
        return tooLong;
    }

    /** Whether all lines so far had their line end, which only the last one of a body may lack. */
    boolean ended() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** The position of the first newline in {@code [from, to)}, or -1; eight bytes at a time. */
    static int indexOfNewline(byte[] bytes, int from, int to) {
        int eights = (to - from) / Swar.LENGTH; // by ones, as in StringEndBitmap
        for (int eight = 0; eight < eights; eight++) {
            int i = from + eight * Swar.LENGTH;
            long found = Swar.find(Swar.at(bytes, i), NEWLINES);
            if (found != 0) {
                return i + Swar.first(found);
            }
        }
        for (int i = from + eights * Swar.LENGTH; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean last() {
        if (start == limit) {
            return false;
        }
        take(limit);
        start = limit;
        ended = false;
        return true;
    }

    /** Goes to the line up to {@code end}. */
    private void take(int end) {
        int length = end - start;
        if (!cut && length > 0 && block[end - 1] == '\r') {
            length--;
        }
        lineNumber++;
        tooLong = cut || length > maxLineSize;
        cut = false;
        from = start;
        to = start + Math.min(length, maxLineSize);
    }

    /** Moves the unfinished line to the front of a block with room for more of it. */
    private void makeRoom() {
        int size = limit - start;
        if (size > maxLineSize + 1L) { // too long, even if it ends in a carriage return
            size = maxLineSize;
            cut = true;
        }
        int length = block.length;
        int longest = maxLineSize + 2 + blockBytes;
        if (cut) {
            length = longest;
        } else if (size == length) {
            length = (int) Math.min(2L * size, longest);
        } else if (size < blockBytes) {
            length = blockBytes;
        }
        byte[] old = block;
        if (length != old.length) {
            block = new byte[length];
        }
        if (start > 0 || block != old) {
            System.arraycopy(old, start, block, 0, size);
        }
        start = 0;
        scanned = size;
        limit = size;
    }
}
