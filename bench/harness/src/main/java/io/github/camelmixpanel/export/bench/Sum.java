package io.github.camelmixpanel.export.bench;

import java.util.zip.CRC32;

/**
 * Sums that do not depend on the order of events, so that contenders can be held to the same work.
 */
final class Sum {

    private Sum() {}

    /** Of what a route has in its headers; any of the texts may be null. */
    static long ofHeaders(String name, String distinctId, String insertId, long seconds) {
        long sum = seconds;
        sum = 31 * sum + hash(name);
        sum = 31 * sum + hash(distinctId);
        sum = 31 * sum + hash(insertId);
        sum *= 0x9e3779b97f4a7c15L;
        return sum ^ sum >>> 32;
    }

    /** Of the bytes of a line, without its end. */
    static long ofLine(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return crc.getValue();
    }

    private static int hash(String text) {
        return text == null ? 0 : text.hashCode();
    }
}
