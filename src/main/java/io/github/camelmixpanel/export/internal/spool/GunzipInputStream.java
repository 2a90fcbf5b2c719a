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
 * <p>The JDK's GZIPInputStream does not suffice: it stops after the first member if {@code
 * available()} is 0, and ignores what follows a trailer. Here trailing zero bytes are an error like
 * any others, and so is an empty body: an answer without events is not compressed, as is any answer
 * of up to 1,400 bytes (documented), while a compressor that dies at once leaves nothing.
 *
 * <p>A body that inflates beyond 64 MB and 500 times its size is an error, so that the limit of the
 * spool also limits what comes out of it.
 *
 * <p>Bytes read before an exception are not proven; once thrown, an exception is thrown by every
 * later read. Not thread-safe. Closing it frees native memory and closes the source.
 */
public final class GunzipInputStream extends BlockInputStream {

    private static final int INPUT_BYTES = 64 * 1024;
    private static final int TRAILER_BYTES = 8;

    /** The bytes that any body may inflate to. */
    private static final long ALWAYS_BYTES = 64L << 20;

    /**
     * Beyond those, the inflated bytes per compressed byte. Deflate can reach 1,032; events seldom
     * exceed 50 (assumed, with a wide margin).
     */
    private static final int MAX_RATIO = 500;

    private final InputStream source;
    private final boolean checksCrc;
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
     * @param source the body as received; read in blocks, so it needs no buffer
     */
    public GunzipInputStream(InputStream source) {
        this(source, true);
    }

    /**
     * @param checksCrc false where the source proves that its bytes are those of a body that was
     *     inflated with its CRC-32 before
     */
    GunzipInputStream(InputStream source, boolean checksCrc) {
        this.source = Objects.requireNonNull(source);
        this.checksCrc = checksCrc;
    }

    /**
     * @throws GzipException when the body is damaged, cut, followed by other data, not gzip, or a
     *     bomb
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
                            "damaged gzip data before compressed byte %d, inflated byte %d: %s"
                                    .formatted(compressedBytes, inflatedBytes, e.getMessage()));
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
                if (checksCrc) {
                    crc.update(b, off, n);
                }
                memberBytes += n;
                inflatedBytes += n;
                if (inflatedBytes > ALWAYS_BYTES && inflatedBytes / MAX_RATIO > compressedBytes) {
                    throw new GzipException(
                            "gzip body inflates its first %d bytes more than %d times; no export does"
                                    .formatted(compressedBytes, MAX_RATIO));
                }
                return n;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsDictionary()) {
                throw new DataFormatException("preset dictionary, which gzip does not support");
            } else if (fill()) {
                inflater.setInput(input, 0, limit);
                position = limit;
            } else {
                throw new GzipException(
                        "gzip body ends inside its compressed data, after %d bytes"
                                .formatted(compressedBytes));
            }
        }
        return -1;
    }

    private void startMember() throws IOException {
        int first = next();
        if (first < 0) {
            if (!anyMember) {
                throw new GzipException("gzip body is empty and lacks even a header");
            }
            ended = true;
            return;
        }
        if (anyMember && first != 0x1f) {
            throw new GzipException(
                    "gzip body continues after its trailer with byte %02x (hex), which starts no member"
                            .formatted(first));
        }
        new Header().read(first);
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
        if (checksCrc && statedCrc != crc.getValue()) {
            throw new GzipException(
                    "gzip CRC-32 is %x after %d bytes, expected %x"
                            .formatted(crc.getValue(), memberBytes, statedCrc));
        }
        if (statedLength != (memberBytes & 0xffffffffL)) {
            throw new GzipException(
                    "gzip member has %d bytes, expected %d (modulo 2^32)"
                            .formatted(memberBytes, statedLength));
        }
        inMember = false;
    }

    private long trailerField(int offset) throws IOException {
        long value = 0;
        for (int i = 0; i < 4; i++) {
            int b = next();
            if (b < 0) {
                throw new GzipException(
                        "gzip body ends inside its trailer, after %d of %d bytes"
                                .formatted(offset + i, TRAILER_BYTES));
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

    /**
     * Checks the header of one gzip member (RFC 1952 section 2.3), including every optional field,
     * and keeps nothing of it.
     *
     * <pre>
     * bytes  0-1 1f 8b · 2 method, 8 · 3 flags · 4-7 time · 8 extra flags · 9 system
     * flags  0x01 text · 0x02 header CRC-16 · 0x04 extra field · 0x08 name · 0x10 comment
     * </pre>
     */
    private final class Header {

        private static final int HEADER_CRC = 0x02;
        private static final int EXTRA = 0x04;
        private static final int NAME = 0x08;
        private static final int COMMENT = 0x10;
        private static final int RESERVED = 0xe0;

        private final CRC32 headerCrc = new CRC32();
        private long bytes;

        /**
         * Reads one header, after its first byte has been read.
         *
         * @throws GzipException when it is not a header, or is cut, or its CRC-16 is wrong
         */
        private void read(int firstByte) throws IOException {
            accept(firstByte);
            int secondByte = nextInHeader();
            if (firstByte != 0x1f || secondByte != 0x8b) {
                throw new GzipException(
                        "not gzip: begins with %x %x instead of 1f 8b"
                                .formatted(firstByte, secondByte));
            }
            int method = nextInHeader();
            if (method != 8) {
                throw new GzipException("gzip with unknown method " + method + " instead of 8");
            }
            int flags = nextInHeader();
            if ((flags & RESERVED) != 0) {
                throw new GzipException("gzip with reserved flags set: %x".formatted(flags));
            }
            skip(6);
            if ((flags & EXTRA) != 0) {
                skip(nextShort());
            }
            if ((flags & NAME) != 0) {
                skipToZero();
            }
            if ((flags & COMMENT) != 0) {
                skipToZero();
            }
            if ((flags & HEADER_CRC) != 0) {
                int computed = (int) headerCrc.getValue() & 0xffff;
                int stated = nextShort();
                if (stated != computed) {
                    throw new GzipException(
                            "gzip header CRC-16 is %x, expected %x".formatted(computed, stated));
                }
            }
        }

        private int nextInHeader() throws IOException {
            int b = next();
            if (b < 0) {
                throw new GzipException(
                        "gzip body ends inside a header, after " + bytes + " bytes");
            }
            accept(b);
            return b;
        }

        private void accept(int b) {
            headerCrc.update(b);
            bytes++;
        }

        private int nextShort() throws IOException {
            return nextInHeader() | nextInHeader() << 8;
        }

        private void skip(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                nextInHeader();
            }
        }

        private void skipToZero() throws IOException {
            while (nextInHeader() != 0) {
                // the text is not needed
            }
        }
    }
}
