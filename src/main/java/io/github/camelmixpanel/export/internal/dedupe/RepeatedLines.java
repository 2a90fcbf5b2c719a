package io.github.camelmixpanel.export.internal.dedupe;

/**
 * The lines of one body that must not be emitted.
 *
 * @param all every line whose key was emitted before, and of the other keys every line but their
 *     first
 * @param resumed of these, the first line of each key that was acknowledged earlier in the same
 *     generation
 */
public record RepeatedLines(LineBitmap all, LineBitmap resumed) {

    RepeatedLines() {
        this(new LineBitmap(), new LineBitmap());
    }

    /** Whether the event of this line must not be emitted. */
    public boolean contains(long line) {
        return all.contains(line);
    }

    /** Whether this generation emits the event of this line, or has emitted it. */
    public boolean emits(long line) {
        return !all.contains(line) || resumed.contains(line);
    }
}
