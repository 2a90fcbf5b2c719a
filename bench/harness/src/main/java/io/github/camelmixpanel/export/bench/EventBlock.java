package io.github.camelmixpanel.export.bench;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Some events of a day, and their lines deflated so that blocks in a row make one stream.
 *
 * @param plain the lines with their ends
 * @param deflated ends at a byte boundary, without the mark of a last block
 */
record EventBlock(byte[] plain, byte[] deflated, Facts facts) {

    /** The level that gzip takes by itself. */
    private static final int USUAL_LEVEL = 6;

    /** What is in a block, or in several. */
    record Facts(long headerSum, long lineSum, int chosen, long chosenSum) {

        static final Facts NONE = new Facts(0, 0, 0, 0);

        Facts plus(Facts other) {
            return new Facts(
                    headerSum + other.headerSum,
                    lineSum + other.lineSum,
                    chosen + other.chosen,
                    chosenSum + other.chosenSum);
        }
    }

    static EventBlock make(EventLines lines, int from, int to, Random random) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        Facts facts = Facts.NONE;
        List<String> devices = SdkProperties.ofDevices(random);
        for (int number = from; number < to; number++) {
            EventLines.Line line = lines.next(number, random, devices);
            plain.writeBytes(line.json());
            plain.write('\n');
            boolean chosen = line.name().equals(PreparedDay.CHOSEN);
            facts =
                    facts.plus(
                            new Facts(
                                    line.headerSum(),
                                    Sum.ofLine(line.json(), 0, line.json().length),
                                    chosen ? 1 : 0,
                                    chosen ? line.headerSum() : 0));
        }
        byte[] bytes = plain.toByteArray();
        return new EventBlock(bytes, deflate(bytes), facts);
    }

    void updateCrc(CRC32 crc) {
        crc.update(plain);
    }

    private static byte[] deflate(byte[] plain) {
        Deflater deflater = new Deflater(USUAL_LEVEL, true);
        deflater.setInput(plain);
        ByteArrayOutputStream deflated = new ByteArrayOutputStream(plain.length / 4);
        byte[] piece = new byte[1 << 16];
        int n;
        do {
            n = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
            deflated.write(piece, 0, n);
        } while (n == piece.length);
        deflater.end();
        return deflated.toByteArray();
    }
}
