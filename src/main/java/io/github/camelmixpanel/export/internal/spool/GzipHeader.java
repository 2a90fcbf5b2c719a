package io.github.camelmixpanel.export.internal.spool;

import java.io.IOException;
import java.util.zip.CRC32;

/**
 * Checks the header of one gzip member (RFC 1952 section 2.3), including every optional field, and
 * keeps nothing of it.
 *
 * <pre>
 * bytes  0-1 1f 8b · 2 method, 8 · 3 flags · 4-7 time · 8 extra flags · 9 system
 * flags  0x01 text · 0x02 header CRC-16 · 0x04 extra field · 0x08 name · 0x10 comment
 * </pre>
 */
final class GzipHeader {

    private static final int HEADER_CRC = 0x02;
    private static final int EXTRA = 0x04;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;
    private static final int RESERVED = 0xe0;

    /** Returns the next byte of the body, or -1 at its end. */
    interface Source {
        int next() throws IOException;
    }

    private final Source source;
    private final CRC32 crc = new CRC32();
    private long bytes;

    private GzipHeader(Source source) {
        this.source = source;
    }

    /**
     * Reads one header from the source, after its first byte has been read.
     *
     * @throws GzipException when it is not a header, or is cut, or its CRC-16 is wrong
     */
    static void read(int firstByte, Source source) throws IOException {
        GzipHeader header = new GzipHeader(source);
        header.accept(firstByte);
        header.read(firstByte);
    }

    private void read(int firstByte) throws IOException {
        int secondByte = next();
        if (firstByte != 0x1f || secondByte != 0x8b) {
            throw new GzipException(
                    "not gzip: begins with %x %x instead of 1f 8b"
                            .formatted(firstByte, secondByte));
        }
        int method = next();
        if (method != 8) {
            throw new GzipException("gzip with unknown method " + method + " instead of 8");
        }
        int flags = next();
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
            int computed = (int) crc.getValue() & 0xffff;
            int stated = nextShort();
            if (stated != computed) {
                throw new GzipException(
                        "gzip header CRC-16 is %x, expected %x".formatted(computed, stated));
            }
        }
    }

    private int next() throws IOException {
        int b = source.next();
        if (b < 0) {
            throw new GzipException("gzip body ends inside a header, after " + bytes + " bytes");
        }
        accept(b);
        return b;
    }

    private void accept(int b) {
        crc.update(b);
        bytes++;
    }

    private int nextShort() throws IOException {
        return next() | next() << 8;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipToZero() throws IOException {
        while (next() != 0) {
            // the text is not needed
        }
    }
}
