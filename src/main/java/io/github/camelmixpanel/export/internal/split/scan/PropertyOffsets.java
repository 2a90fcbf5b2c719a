package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent.PropertyVisitor;
import java.util.Arrays;

/** Where the properties of one line after the other stand in its array. Not thread-safe. */
final class PropertyOffsets {

    private static final int EACH = 3;

    private int[] ends = new int[64 * EACH];
    private int size;

    void clear() {
        size = 0;
    }

    /** As {@link PropertyVisitor#property}. */
    void add(int name, int nameEnd, int valueEnd) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ends[size] = name;
        ends[size + 1] = nameEnd;
        ends[size + 2] = valueEnd;
        size += EACH;
    }

    void visit(PropertyVisitor visitor) {
        for (int i = 0; i < size; i += EACH) {
            visitor.property(ends[i], ends[i + 1], ends[i + 2]);
        }
    }
}
