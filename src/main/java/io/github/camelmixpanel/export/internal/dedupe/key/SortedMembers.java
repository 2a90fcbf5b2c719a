package io.github.camelmixpanel.export.internal.dedupe.key;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the same bytes for two lines that differ only in the order of the members of their objects
 * and in spaces around these: by name, as unsigned bytes. What is in arrays stays as it is. For one
 * thread.
 */
final class SortedMembers {

    private final byte[] line;
    private int at;

    private SortedMembers(byte[] line) {
        this.line = line;
    }

    private record Member(byte[] name, byte[] value) {}

    /**
     * @param line a JSON object; anything else is returned as it is
     */
    static byte[] of(byte[] line) {
        try {
            return new SortedMembers(line).value();
        } catch (ArrayIndexOutOfBoundsException e) {
            return line;
        }
    }

    private byte[] value() {
        skipSpace();
        if (line[at] == '{') {
            return object();
        }
        int from = at;
        skipValue();
        return Arrays.copyOfRange(line, from, at);
    }

    private byte[] object() {
        List<Member> members = new ArrayList<>();
        do {
            at++; // the brace, or the comma
            skipSpace();
            if (line[at] == '"') {
                int from = at;
                skipString();
                byte[] name = Arrays.copyOfRange(line, from, at);
                skipSpace();
                at++; // the colon
                members.add(new Member(name, value()));
                skipSpace();
            } else if (line[at] != '}') {
                throw new ArrayIndexOutOfBoundsException(at);
            }
        } while (line[at] != '}');
        at++;
        // stable, as of two members with one name the last counts
        members.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
        ByteArrayOutputStream sorted = new ByteArrayOutputStream(line.length);
        char before = '{';
        for (Member member : members) {
            sorted.write(before);
            sorted.writeBytes(member.name);
            sorted.write(':');
            sorted.writeBytes(member.value);
            before = ',';
        }
        sorted.write('}');
        return sorted.toByteArray();
    }

    /** Passes a value that is no object. */
    private void skipValue() {
        int levels = 0;
        do {
            switch (line[at]) {
                case '"' -> {
                    skipString();
                    continue;
                }
                case '[', '{' -> levels++;
                case ']', '}' -> levels--;
                default -> {}
            }
            at++;
        } while (levels > 0 || !endsValue(line[at]));
    }

    private static boolean endsValue(byte b) {
        return b == ',' || b == '}' || b == ' ' || b == '\t' || b == '\r';
    }

    private void skipString() {
        at++;
        while (line[at] != '"') {
            at += line[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipSpace() {
        while (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
            at++;
        }
    }
}
