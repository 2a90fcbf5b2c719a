package io.github.camelmixpanel.export.simulator;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Changes to an inflated body of lines. Stateless. */
final class Bodies {

    private Bodies() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] append(byte[] body, String text) {
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.writeBytes(body);
        longer.writeBytes(bytes(text));
        return longer.toByteArray();
    }

    /** The body up to the middle of its last line; of an empty body, the beginning of a line. */
    static byte[] cutInLastLine(byte[] body) {
        if (body.length == 0) {
            return bytes("{\"event\":");
        }
        int end = body[body.length - 1] == '\n' ? body.length - 1 : body.length;
        int start = end;
        while (start > 0 && body[start - 1] != '\n') {
            start--;
        }
        return Arrays.copyOf(body, start + Math.max(1, (end - start) / 2));
    }

    /** How many lines it has; one without an end counts. */
    static int lines(byte[] body) {
        int ends = ends(body);
        return body.length > 0 && body[body.length - 1] != '\n' ? ends + 1 : ends;
    }

    private static int ends(byte[] body) {
        int ends = 0;
        for (byte b : body) {
            ends += b == '\n' ? 1 : 0;
        }
        return ends;
    }

    /** The first half of the lines, the odd one included. */
    static byte[] firstHalf(byte[] body) {
        int wanted = (ends(body) + 1) / 2;
        int at = 0;
        for (int seen = 0; seen < wanted; at++) {
            seen += body[at] == '\n' ? 1 : 0;
        }
        return Arrays.copyOf(body, at);
    }
}
