package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.time.Instant;
import java.util.Arrays;

/**
 * An event that knows where its fields are in its line, and makes each when asked for it.
 *
 * <p>An {@link EventScanner} shows one event after the other with one object, over arrays that are
 * filled with other lines later: valid until its next scan. What {@link #kept} returns has a line
 * of its own, never changes, and may be read by any thread.
 */
final class ScannedEvent implements ExportEvent {

    private final EventTime eventTime;
    private final boolean restoreHotShards;
    private FieldOffsets offsets;
    private PropertyOffsets properties; // null where they were not looked for
    private long line;
    private byte[] bytes;
    private int start;
    private int size;
    private ReadTime readTime; // null until asked for

    ScannedEvent(EventTime eventTime, boolean restoreHotShards) {
        this.eventTime = eventTime;
        this.restoreHotShards = restoreHotShards;
    }

    /** Makes it another event. */
    void show(
            long newLine,
            byte[] newBytes,
            int from,
            int to,
            FieldOffsets newOffsets,
            PropertyOffsets newProperties) {
        line = newLine;
        bytes = newBytes;
        start = from;
        size = to - from;
        offsets = newOffsets;
        properties = newProperties;
        readTime = null;
    }

    @Override
    public ExportEvent kept() {
        ScannedEvent kept = new ScannedEvent(eventTime, restoreHotShards);
        byte[] own = Arrays.copyOfRange(bytes, start, start + size);
        kept.show(line, own, 0, size, offsets.copy(), null);
        return kept;
    }

    @Override
    public long line() {
        return line;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean visitProperties(PropertyVisitor visitor) {
        if (properties == null) {
            return false;
        }
        properties.visit(visitor);
        return true;
    }

    @Override
    public String name() {
        return offsets.text(FieldOffsets.NAME, bytes, start);
    }

    @Override
    public String originalName() {
        return restoreHotShards
                        && offsets.has(FieldOffsets.ORIGINAL_NAME)
                        && ExportQuery.HOT_SHARD.equals(name())
                ? offsets.text(FieldOffsets.ORIGINAL_NAME, bytes, start)
                : null;
    }

    @Override
    public String distinctId() {
        return offsets.text(FieldOffsets.DISTINCT_ID, bytes, start);
    }

    @Override
    public String insertId() {
        return offsets.text(FieldOffsets.INSERT_ID, bytes, start);
    }

    @Override
    public boolean hasInsertId() {
        return !offsets.isEmpty(FieldOffsets.INSERT_ID);
    }

    @Override
    public int copyAscii(Text text, byte[] target, int at) {
        int field =
                switch (text) {
                    case NAME -> FieldOffsets.NAME;
                    case DISTINCT_ID -> FieldOffsets.DISTINCT_ID;
                    case INSERT_ID -> FieldOffsets.INSERT_ID;
                };
        return offsets.copyAscii(field, bytes, start, target, at);
    }

    @Override
    public ReadTime readTime() {
        ReadTime read = readTime;
        if (read == null) { // two threads may make the same
            read = offsets.time(bytes, start, eventTime);
            readTime = read;
        }
        return read;
    }

    @Override
    public Instant processed() {
        return offsets.has(FieldOffsets.PROCESSED)
                ? Instant.ofEpochMilli(offsets.number(FieldOffsets.PROCESSED, bytes, start))
                : null;
    }
}
