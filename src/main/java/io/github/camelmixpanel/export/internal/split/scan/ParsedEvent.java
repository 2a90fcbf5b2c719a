package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.time.Instant;

/**
 * An event whose fields were read before it was made.
 *
 * @param json as {@link #bytes}, without any other bytes
 */
public record ParsedEvent(
        long line,
        byte[] json,
        String name,
        String originalName,
        String distinctId,
        String insertId,
        ReadTime readTime,
        Instant processed)
        implements ExportEvent {

    @Override
    public byte[] bytes() {
        return json;
    }

    @Override
    public int start() {
        return 0;
    }

    @Override
    public int size() {
        return json.length;
    }

    @Override
    public ExportEvent kept() {
        return this;
    }
}
