package io.github.camelmixpanel.export.internal.spool;

import io.github.camelmixpanel.export.internal.model.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a gzip body, and ends without an exception only when the body is whole: each member to
 * its trailer, with the right CRC-32 and length, and nothing after the last one.
 *
 * <p>The JDK's GZIPInputStream is not enough: it stops after the first member when {@code
 * available()} is 0, and ignores what follows a trailer. Here trailing zero bytes are refused like
 * any others, and so is a body without a single byte: an answer without events comes uncompressed,
 * as any of up to 1,400 bytes does (documented), while a compressor that dies at once leaves
 * nothing.
 *
 * <p>A body that inflates beyond reason (64 MB and 500 times its size) is refused, so that the
 * bound of the spool bounds what comes out of it too.
 *
 * <p>What has been read before an exception is not proven; an exception, once thrown, is thrown by
 * every later read. Not thread-safe. Closing it frees native memory and closes the source.
 */
public final class GunzipInputStream extends BlockInputStream {

    private static final int INPUT_BYTES = 64 * 1024;
    private static final int TRAILER_BYTES = 8;

    /** So many bytes may come out of any body. */
    private static final long ALWAYS_BYTES = 64L << 20;

    /**
     * Beyond those, so many may come out of each that went in. Deflate can reach 1,032; what people
     * do seldom repeats itself more than 50 times (assumed, with a wide margin).
     */
    private static final int MOST_RATIO = 500;

    private final InputStream source;
    private final byte[] input = new byte[INPUT_BYTES];
    private int position;
    private int limit;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean inMember;
    private boolean ended;
    private boolean anyMember;
    private long memberBytes;
    private long inflatedBytes;
    private long compressedBytes;
    private IOException failure;

    /**
     * @param source the body as received; read in blocks, so a buffer around it gains nothing
     */
    public GunzipInputStream(InputStream source) {
        this.source = Objects.requireNonNull(source);
    }

    /** Bytes taken from the source so far; up to 64 KiB of them may not be inflated yet. */
    public long compressedBytesRead() {
        return compressedBytes;
    }

    /**
     * @throws GzipException when the body is damaged, cut, followed by something else, no gzip, or
     *     a bomb
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (failure != null) {
            throw failure;
        }
        try {
            return len == 0 ? 0 : inflate(b, off, len);
        } catch (DataFormatException e) {
            failure =
                    new GzipException(
                            "damaged gzip data before compressed byte "
                                    + compressedBytes
                                    + ", inflated byte "
                                    + inflatedBytes
                                    + ": "
                                    + e.getMessage());
            throw failure;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (failure == null) {
            failure = new IOException("Stream closed");
        }
        inflater.end();
        source.close();
    }

    private int inflate(byte[] b, int off, int len) throws IOException, DataFormatException {
        while (!ended) {
            if (!inMember) {
                startMember();
                continue;
            }
            int n = inflater.inflate(b, off, len);
            if (n > 0) {
                crc.update(b, off, n);
                memberBytes += n;
                inflatedBytes += n;
                if (inflatedBytes > ALWAYS_BYTES && inflatedBytes / MOST_RATIO > compressedBytes) {
                    throw new GzipException(
                            "gzip body of "
                                    + compressedBytes
                                    + " bytes so far inflates to more than "
                                    + MOST_RATIO
                                    + " times as many: no export does");
                }
                return n;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsDictionary()) {
                throw new DataFormatException("preset dictionary, which gzip does not know");
            } else if (!feed()) {
                throw new GzipException(
                        "gzip body ends inside its compressed data, after "
                                + compressedBytes
                                + " bytes");
            }
        }
        return -1;
    }

    private void startMember() throws IOException {
        int first = next();
        if (first < 0) {
            if (!anyMember) {
                throw new GzipException("gzip body without a single byte, not even a header");
            }
            ended = true;
            return;
        }
        if (anyMember && first != 0x1f) {
            throw new GzipException(
                    "gzip body goes on after its trailer, with byte "
                            + Integer.toHexString(first)
                            + " (hex), which starts no member");
        }
        GzipHeader.read(first, this::next);
        anyMember = true;
        memberBytes = 0;
        crc.reset();
        inflater.reset();
        inflater.setInput(input, position, limit - position);
        position = limit;
        inMember = true;
    }

    private void endMember() throws IOException {
        position = limit - inflater.getRemaining();
        long statedCrc = trailerField(0);
        long statedLength = trailerField(4);
        if (statedCrc != crc.getValue()) {
            throw new GzipException(
                    "gzip CRC-32 is "
                            + Long.toHexString(crc.getValue())
                            + " after "
                            + memberBytes
                            + " bytes, and should be "
                            + Long.toHexString(statedCrc));
        }
        if (statedLength != (memberBytes & 0xffffffffL)) {
            throw new GzipException(
                    "gzip member has "
                            + memberBytes
                            + " bytes, and should have "
                            + statedLength
                            + " (modulo 2^32)");
        }
        inMember = false;
    }

    private long trailerField(int offset) throws IOException {
        long value = 0;
        for (int i = 0; i < 4; i++) {
            int b = next();
            if (b < 0) {
                throw new GzipException(
                        "gzip body ends inside its trailer: "
                                + (offset + i)
                                + " of "
                                + TRAILER_BYTES
                                + " bytes");
            }
            value |= (long) b << 8 * i;
        }
        return value;
    }

    /** The next byte that the inflater has not taken, or -1 at the end of the source. */
    private int next() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return input[position++] & 0xff;
    }

    private boolean feed() throws IOException {
        if (!fill()) {
            return false;
        }
        inflater.setInput(input, 0, limit);
        position = limit;
        return true;
    }

    private boolean fill() throws IOException {
        int n;
        do {
            n = source.read(input, 0, input.length);
        } while (n == 0);
        if (n < 0) {
            return false;
        }
        position = 0;
        limit = n;
        compressedBytes += n;
        return true;
    }
}
