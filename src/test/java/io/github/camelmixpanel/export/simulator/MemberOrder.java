package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Moves the members of an event, and those of its {@code properties}, as they are written: names,
 * values and the space between them stay byte for byte.
 */
final class MemberOrder {

    private record Slice(int from, int to) {}

    private MemberOrder() {}

    /**
     * @param line an event, without its line end
     */
    static byte[] shuffled(byte[] line, Random random) {
        // those of properties first: afterwards they may be somewhere else
        return shuffled(shuffled(line, 2, random), 1, random);
    }

    private static byte[] shuffled(byte[] line, int depth, Random random) {
        List<Slice> members = members(line, depth);
        List<Slice> moved = new ArrayList<>(members);
        Collections.shuffle(moved, random);
        ByteArrayOutputStream changed = new ByteArrayOutputStream(line.length);
        int from = 0;
        for (int i = 0; i < members.size(); i++) {
            Slice place = members.get(i);
            changed.write(line, from, place.from - from);
            changed.writeBytes(Arrays.copyOfRange(line, moved.get(i).from, moved.get(i).to));
            from = place.to;
        }
        changed.write(line, from, line.length - from);
        return changed.toByteArray();
    }

    /** From the quote of each name to the end of its value; at depth 2 those of properties. */
    private static List<Slice> members(byte[] line, int depth) {
        List<Slice> members = new ArrayList<>();
        try (JsonParser parser = StoredEvent.JSON.createParser(line)) {
            int level = 0;
            boolean inside = depth == 1;
            int start = 0;
            for (JsonToken token; (token = parser.nextToken()) != null; ) {
                level -= token.isStructEnd() ? 1 : 0;
                if (level == 1 && depth == 2 && token == JsonToken.FIELD_NAME) {
                    inside = parser.currentName().equals("properties");
                } else if (level == depth && inside && token == JsonToken.FIELD_NAME) {
                    start = (int) parser.currentTokenLocation().getByteOffset();
                } else if (level == depth && inside && !token.isStructStart()) {
                    parser.finishToken();
                    members.add(new Slice(start, (int) parser.currentLocation().getByteOffset()));
                }
                level += token.isStructStart() ? 1 : 0;
            }
        } catch (IOException e) {
            throw new IllegalStateException("an event that was read cannot be read again", e);
        }
        return members;
    }
}
