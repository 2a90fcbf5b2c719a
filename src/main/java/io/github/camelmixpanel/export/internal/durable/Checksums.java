package io.github.camelmixpanel.export.internal.durable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Computes what proves that bytes are those that were written. */
public final class Checksums {

    private Checksums() {}

    /** The CRC32C of the first {@code length} bytes, as an unsigned number of 32 bits. */
    public static long crc32c(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return checksum.getValue();
    }

    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The SHA-256 of a stream up to its end, in hex. */
    public static String sha256(InputStream in) throws IOException {
        MessageDigest sha256 = newSha256();
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        return HexFormat.of().formatHex(sha256.digest());
    }
}
