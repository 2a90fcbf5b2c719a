package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.internal.text.Swar;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Splits a body into lines at byte 0x0A and nowhere else, whatever the bytes mean as text, and
 * shows each line where it stands, without the line end.
 *
 * <p>Characters that other readers treat as line ends (U+2028, U+0085, a carriage return inside a
 * line) occur in property values that Mixpanel exports (observed) and remain part of the line; only
 * a carriage return at the very end of a line belongs to the line end.
 *
 * <p>Memory: one block of 256 KiB, and {@code maxLineSize} for a line that no block holds, which
 * gets an array of its own. Not thread-safe. Closing it closes the source.
 */
public final class LineReader implements Closeable {

    static final int BLOCK_BYTES = 256 * 1024;

    private static final long NEWLINES = Swar.allOf('\n');

    private final InputStream source;
    private final int maxLineSize;
    private final byte[] block;
    private int start; // of the next line in the block
    private int scanned; // no newline between start and here
    private int limit;
    private final List<byte[]> stashed = new ArrayList<>(); // full blocks of a very long line
    private long stashedBytes; // of that line, including those beyond maxLineSize
    private int stashedRoom;
    private byte stashedLast;
    private byte[] line; // holds the current line
    private int from;
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
        this.block = new byte[blockBytes];
        this.stashedRoom = maxLineSize;
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
            scanned = limit;
            freeBlock();
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
        return line;
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
        return line == block ? Arrays.copyOfRange(block, from, to) : line;
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
        if (stashedBytes == 0 && start == limit) {
            return false;
        }
        take(limit);
        start = limit;
        ended = false;
        return true;
    }

    /** Goes to the line that is in the stash and in the block up to {@code end}. */
    private void take(int end) {
        long length = stashedBytes + (end - start);
        byte lastByte = end > start ? block[end - 1] : stashedLast;
        if (length > 0 && lastByte == '\r') {
            length--;
        }
        lineNumber++;
        tooLong = length > maxLineSize;
        int size = (int) Math.min(length, maxLineSize);
        line = block;
        from = start;
        if (stashedBytes > 0) {
            takeStashed(size);
        }
        to = from + size;
    }

    private void takeStashed(int size) {
        line = new byte[size];
        from = 0;
        int at = 0;
        for (byte[] piece : stashed) {
            int n = Math.min(piece.length, size - at);
            System.arraycopy(piece, 0, line, at, n);
            at += n;
        }
        System.arraycopy(block, start, line, at, size - at);
        stashed.clear();
        stashedBytes = 0;
        stashedRoom = maxLineSize;
    }

    /** Moves the unfinished line to the front of the block; if it fills the block, to the stash. */
    private void freeBlock() {
        if (start == 0 && limit == block.length) {
            stash();
        } else if (start > 0) {
            System.arraycopy(block, start, block, 0, limit - start);
            limit -= start;
            scanned -= start;
            start = 0;
        }
    }

    private void stash() {
        int keep = Math.min(limit, stashedRoom);
        if (keep > 0) {
            stashed.add(Arrays.copyOf(block, keep));
            stashedRoom -= keep;
        }
        stashedBytes += limit;
        stashedLast = block[limit - 1];
        limit = 0;
        scanned = 0;
    }
}
