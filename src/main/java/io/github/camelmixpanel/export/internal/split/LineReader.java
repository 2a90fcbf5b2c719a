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
 * returns each line in an array of its own, without the line end.
 *
 * <p>Characters that other readers treat as line ends (U+2028, U+0085, a carriage return inside a
 * line) occur in property values that Mixpanel exports (observed) and remain part of the line; only
 * a carriage return at the very end of a line belongs to the line end.
 *
 * <p>Memory: one block of 256 KiB, and {@code maxLineSize} for longer lines, in addition to the
 * returned line. Not thread-safe. Closing it closes the source.
 */
public final class LineReader implements Closeable {

    static final int BLOCK_BYTES = 256 * 1024;

    private static final long NEWLINES = Swar.allOf('\n');

    private final InputStream source;
    private final int maxLineSize;
    private final byte[] block;
    private int start; // of the current line in the block
    private int scanned; // no newline between start and here
    private int limit;
    private final List<byte[]> stashed = new ArrayList<>(); // full blocks of a very long line
    private long stashedBytes; // of that line, including those beyond maxLineSize
    private int stashedRoom;
    private byte stashedLast;
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
     * The next line; a blank one has length 0. Of a line longer than {@code maxLineSize} only the
     * first {@code maxLineSize} bytes are returned, and {@link #tooLong()} is true.
     *
     * @return null at the end of the body; a body without bytes has no lines, and a newline at its
     *     end starts none
     */
    public byte[] next() throws IOException {
        while (true) {
            int newline = indexOfNewline(block, scanned, limit);
            if (newline >= 0) {
                byte[] line = take(newline);
                start = newline + 1;
                scanned = start;
                return line;
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

    /** Number of the line last returned, from 1; 0 before the first. */
    public long lineNumber() {
        return lineNumber;
    }

    /** Whether the line last returned was cut to {@code maxLineSize}. */
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

    private byte[] last() {
        if (stashedBytes == 0 && start == limit) {
            return null;
        }
        byte[] line = take(limit);
        start = limit;
        ended = false;
        return line;
    }

    /** The line that is in the stash and in the block up to {@code end}. */
    private byte[] take(int end) {
        long length = stashedBytes + (end - start);
        byte lastByte = end > start ? block[end - 1] : stashedLast;
        if (length > 0 && lastByte == '\r') {
            length--;
        }
        lineNumber++;
        tooLong = length > maxLineSize;
        int size = (int) Math.min(length, maxLineSize);
        return stashedBytes == 0
                ? Arrays.copyOfRange(block, start, start + size)
                : takeStashed(size);
    }

    private byte[] takeStashed(int size) {
        byte[] line = new byte[size];
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
        return line;
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
