package io.github.camelmixpanel.export.simulator;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Ways to send the parts of an encoded body. Stateless. */
final class Delivery {

    /** Bytes of a head without an end. */
    static final int ENDLESS = 10_000;

    // odd, so that chunks end inside of characters, lines and gzip blocks
    private static final int PIECE = 8191;

    // long enough for a client on the same machine to have read everything sent so far
    private static final Duration BETWEEN_PARTS = Duration.ofMillis(30);

    private Delivery() {}

    /** Everything; if there are several parts, with a pause before each but the first. */
    static List<Step> whole(List<byte[]> parts) {
        List<Step> steps = new ArrayList<>();
        for (byte[] part : parts) {
            if (!steps.isEmpty()) {
                steps.add(new Step.Pause(BETWEEN_PARTS));
            }
            steps.addAll(pieces(part, 0, part.length, PIECE));
        }
        return steps;
    }

    static List<Step> cut(List<byte[]> parts, double fraction, boolean reset) {
        return thenStep(parts, fraction, new Step.Cut(reset));
    }

    static List<Step> hang(List<byte[]> parts, double fraction) {
        return thenStep(parts, fraction, new Step.Wait(() -> false));
    }

    static List<Step> block(List<byte[]> parts, double fraction, Gate gate) {
        byte[] body = joined(parts);
        List<Step> steps = thenStep(parts, fraction, new Step.Wait(gate));
        steps.addAll(pieces(body, at(body, fraction), body.length, PIECE));
        return steps;
    }

    /** Pieces of so many bytes, each after one more step. */
    static List<Step> dribble(List<byte[]> parts, int bytesPerPiece, Supplier<Step> beforePiece) {
        byte[] body = joined(parts);
        List<Step> steps = new ArrayList<>();
        for (Step piece : pieces(body, 0, body.length, bytesPerPiece)) {
            steps.add(beforePiece.get());
            steps.add(piece);
        }
        return steps;
    }

    static List<Step> endlessHead(Duration pause) {
        byte[] more = "X-More: a\r\n".repeat(ENDLESS / 11 + 1).getBytes(StandardCharsets.US_ASCII);
        return dribble(List.of(Arrays.copyOf(more, ENDLESS)), 1, () -> new Step.Pause(pause));
    }

    static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        parts.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    /** How many of these bytes are that fraction of them. */
    static int at(byte[] bytes, double fraction) {
        return (int) (bytes.length * fraction);
    }

    private static List<Step> thenStep(List<byte[]> parts, double fraction, Step step) {
        byte[] body = joined(parts);
        List<Step> steps = pieces(body, 0, at(body, fraction), PIECE);
        steps.add(step);
        return steps;
    }

    private static List<Step> pieces(byte[] body, int from, int to, int size) {
        List<Step> pieces = new ArrayList<>();
        for (int start = from; start < to; start += size) {
            int end = Math.min(start + size, to);
            pieces.add(new Step.Send(Arrays.copyOfRange(body, start, end)));
        }
        return pieces;
    }
}
