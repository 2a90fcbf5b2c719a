package io.github.camelmixpanel.export.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes the body of an answer: one gzip member, since curl reads no second one, in the chunks of
 * HTTP/1.1, as Mixpanel sends it (observed).
 */
final class GzipAnswer implements AutoCloseable {

    private static final int CHUNK_BYTES = 16 * 1024;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};
    private static final byte[] LAST_BLOCK = {3, 0}; // of no bytes

    private final OutputStream out;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private final CRC32 crc = new CRC32();
    private long bytes;
    private long gzipBytes;

    GzipAnswer(OutputStream out) throws IOException {
        this.out = new BufferedOutputStream(out, 1 << 20);
        write(HEADER);
    }

    void add(EventBlock block) throws IOException {
        block.updateCrc(crc);
        bytes += block.plain().length;
        write(block.deflated());
    }

    void finish() throws IOException {
        write(LAST_BLOCK);
        write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) crc.getValue())
                        .putInt((int) bytes)
                        .array());
        writeChunk();
        out.write(ascii("0\r\n\r\n"));
    }

    long bytes() {
        return bytes;
    }

    long gzipBytes() {
        return gzipBytes;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void write(byte[] data) throws IOException {
        gzipBytes += data.length;
        for (int at = 0; at < data.length; ) {
            int n = Math.min(data.length - at, chunk.remaining());
            chunk.put(data, at, n);
            at += n;
            if (!chunk.hasRemaining()) {
                writeChunk();
            }
        }
    }

    private void writeChunk() throws IOException {
        if (chunk.position() > 0) {
            out.write(ascii(Integer.toHexString(chunk.position()) + "\r\n"));
            out.write(chunk.array(), 0, chunk.position());
            out.write(ascii("\r\n"));
            chunk.clear();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
