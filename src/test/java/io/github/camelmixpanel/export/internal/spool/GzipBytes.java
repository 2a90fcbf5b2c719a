package io.github.camelmixpanel.export.internal.spool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Makes gzip members, also such as the JDK does not make. */
final class GzipBytes {

    static final int TEXT = 0x01;
    static final int HEADER_CRC = 0x02;
    static final int EXTRA = 0x04;
    static final int NAME = 0x08;
    static final int COMMENT = 0x10;

    private GzipBytes() {}

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** The same by hand, with optional header fields. */
    static byte[] gzip(byte[] bytes, int flags) {
        byte[] header = {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3};
        if ((flags & EXTRA) != 0) {
            header = concat(header, new byte[] {3, 0, 0, 'x', 0});
        }
        if ((flags & NAME) != 0) {
            header = concat(header, "export.jsonl\0".getBytes(ISO_8859_1));
        }
        if ((flags & COMMENT) != 0) {
            header = concat(header, "é\n\0".getBytes(ISO_8859_1));
        }
        if ((flags & HEADER_CRC) != 0) {
            header = concat(header, Arrays.copyOf(littleEndian(crc(header)), 2));
        }
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, deflater)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            deflater.end();
        }
        return concat(
                header,
                deflated.toByteArray(),
                littleEndian(crc(bytes)),
                littleEndian(bytes.length));
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] littleEndian(long value) {
        return new byte[] {
            (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
        };
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
