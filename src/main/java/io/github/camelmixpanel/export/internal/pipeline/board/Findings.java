package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import java.io.Closeable;

/**
 * What the verification of a body leaves for its emission, which takes longer without it: where the
 * fields of its events are, and the body as it was inflated. Closed by the one who holds it.
 */
public record Findings(BodyOffsets offsets, InflatedBody inflated) implements Closeable {

    public static final Findings NONE = new Findings(BodyOffsets.NONE, InflatedBody.NONE);

    @Override
    public void close() {
        inflated.close();
        offsets.close();
    }
}
