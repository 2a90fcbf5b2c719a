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
        at = JsonBytes.valueEnd(line, at);
        return Arrays.copyOfRange(line, from, at);
    }

    private byte[] object() {
        List<Member> members = new ArrayList<>();
        do {
            at++; // the brace, or the comma
            skipSpace();
            if (line[at] == '"') {
                int from = at;
                at = JsonBytes.stringEnd(line, at + 1) + 1;
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

    private void skipSpace() {
        at = JsonBytes.space(line, at);
    }
}
