package io.github.camelmixpanel.export.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Compresses bodies, whole and broken. Stateless. */
final class Gzip {

    /** A member ends with four bytes of CRC and four of length. */
    private static final int TRAILER = 8;

    private Gzip() {}

    static byte[] compress(byte[] plain) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress in memory", e);
        }
        return compressed.toByteArray();
    }

    /** The body as so many members of about the same length, cut wherever that falls. */
    static List<byte[]> members(byte[] plain, int count) {
        List<byte[]> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) plain.length * i / count);
            int to = (int) ((long) plain.length * (i + 1) / count);
            members.add(compress(Arrays.copyOfRange(plain, from, to)));
        }
        return members;
    }

    /** Cut after a fraction of the compressed bytes, but always before the last. */
    static byte[] cut(byte[] plain, double fraction) {
        byte[] gzip = compress(plain);
        return Arrays.copyOf(gzip, Math.min(Delivery.at(gzip, fraction), gzip.length - 1));
    }

    static byte[] cutInTrailer(byte[] plain, int missingBytes) {
        byte[] gzip = compress(plain);
        return Arrays.copyOf(gzip, gzip.length - missingBytes);
    }

    static byte[] wrongCrc(byte[] plain) {
        byte[] gzip = compress(plain);
        gzip[gzip.length - TRAILER] ^= 1;
        return gzip;
    }
}
