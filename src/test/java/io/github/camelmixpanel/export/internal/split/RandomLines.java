package io.github.camelmixpanel.export.internal.split;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Lines that are events, nearly events, or broken ones; the same for the same random numbers. */
public final class RandomLines {

    private static final List<String> NAMES =
            List.of(
                    "event",
                    "properties",
                    "time",
                    "distinct_id",
                    "$insert_id",
                    "$os",
                    "t\\u0069me",
                    "\\u0065vent",
                    "\\\"time",
                    "ti\\u043ce",
                    "\\ud83d",
                    "Größe",
                    "");
    private static final List<String> SCALARS =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "-0",
                    "1602611311",
                    "1602611311123",
                    "1602611311.25",
                    "-1.5e3",
                    "12E+2",
                    "1e2147483647",
                    "1e2147483648",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\"1602611311\"",
                    "\"2020-10-13T17:48:31+02:00\"",
                    "\"a\\n\\t\\\\ \\\"q\\\" \\/ \\u00e9 \\ud83d\\ude00\"",
                    "\"Größe 日本 😀 \u2028\u0085\"",
                    "\"\\b\\f\\r\\ufffd\\ude00\"",
                    "\"\u0000\u0006\t\r\u001f\"",
                    "\"{\\\"event\\\":\\\"a\\\"}\"",
                    "\"terminated early\"");
    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u12",
        "nul",
        "1",
        "-",
        ".",
        "e",
        " ",
        "\t",
        "{}",
        "\"x\":1,",
        "/*c*/",
        "NaN",
        "'",
        "\u0000",
        "\u001f",
        "\u2028",
        "é"
    };

    private final Random random;

    public RandomLines(Random random) {
        this.random = random;
    }

    public byte[] next() {
        byte[] line = event().getBytes(UTF_8);
        if (random.nextInt(5) < 3) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                line = mutate(line);
            }
        }
        return line;
    }

    /** Lines of a body, which may begin with a byte order mark and end without a newline. */
    public byte[] body(int lines) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (random.nextBoolean()) {
            body.writeBytes("\ufeff".getBytes(UTF_8));
        }
        for (int i = 0; i < lines; i++) {
            for (byte b : next()) {
                body.write(b == '\n' && oftenNot() ? ' ' : b);
            }
            body.writeBytes(oftenNot() ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
        }
        if (random.nextBoolean()) {
            body.writeBytes(next());
        }
        return body.toByteArray();
    }

    private String event() {
        List<String> members = new ArrayList<>();
        members.add("\"event\"" + space() + ":" + (oftenNot() ? value(2) : "\"Signed up\""));
        members.add("\"properties\":" + space() + (oftenNot() ? value(2) : properties()));
        for (int i = random.nextInt(3); i > 0; i--) {
            members.add(member(2));
        }
        if (oftenNot()) {
            members.remove(random.nextInt(members.size()));
        }
        return space() + object(members) + space();
    }

    private String properties() {
        List<String> members = new ArrayList<>();
        members.add("\"time\":" + (oftenNot() ? value(1) : "1602611311"));
        members.add("\"distinct_id\":" + (oftenNot() ? value(1) : "\"u-1\""));
        members.add("\"$insert_id\":" + (oftenNot() ? value(1) : "\"hpuDqcvp\""));
        for (int i = random.nextInt(5); i > 0; i--) {
            members.add(member(3));
        }
        return object(members);
    }

    private String object(List<String> members) {
        Collections.shuffle(members, random);
        return "{" + space() + String.join(space() + "," + space(), members) + space() + "}";
    }

    private String member(int depth) {
        return "\"" + pick(NAMES) + "\":" + value(depth);
    }

    private String value(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(5);
        List<String> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0 && kind > 2; i--) {
            items.add(kind == 3 ? member(depth - 1) : value(depth - 1));
        }
        return switch (kind) {
            case 3 -> object(items);
            case 4 -> "[" + String.join(",", items) + "]";
            default -> pick(SCALARS);
        };
    }

    private byte[] mutate(byte[] line) {
        int at = random.nextInt(line.length + 1);
        int to = Math.min(line.length, at + random.nextInt(8));
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(line, at);
            case 1 -> splice(line, at, to, new byte[0]);
            case 2 -> splice(line, at, to, new byte[] {(byte) random.nextInt(256)});
            case 3 -> splice(line, at, at, TOKENS[random.nextInt(TOKENS.length)].getBytes(UTF_8));
            case 4 -> splice(line, at, at, Arrays.copyOfRange(line, at, to));
            default -> splice(line, at, at, new byte[] {(byte) (0x80 + random.nextInt(128))});
        };
    }

    private static byte[] splice(byte[] line, int from, int to, byte[] instead) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(line, 0, from);
        out.writeBytes(instead);
        out.write(line, to, line.length - to);
        return out.toByteArray();
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String space() {
        return random.nextInt(6) == 0 ? " \t " : "";
    }

    private boolean oftenNot() {
        return random.nextInt(6) == 0;
    }
}
