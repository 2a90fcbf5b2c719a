package io.github.camelmixpanel.export.dedupe;

import io.github.camelmixpanel.export.model.LedgerException;
import java.io.IOException;
import java.util.Set;

/**
 * Finds the keys of a body among those that were acknowledged, in one pass through all of them, to
 * the end of each.
 */
final class MergeJoin {

    private final Set<Integer> vanishedOf;
    private final LineSet lines = new LineSet();
    private long newKeys;
    private long alreadyEmitted;
    private long repeatedInBody;

    /**
     * @param vanishedOf key days of which committed keys that the body lacks are counted
     */
    MergeJoin(Set<Integer> vanishedOf) {
        this.vanishedOf = vanishedOf;
    }

    /** May be called once. */
    Duplicates join(KeyCursor body, KeyCursor committed, KeyCursor acknowledged)
            throws IOException, LedgerException {
        Known inFiles = new Known(committed, vanishedOf);
        Known inRuns = new Known(acknowledged, Set.of());
        PackedKey last = new PackedKey();
        boolean any = false;
        while (body.next()) {
            if (any && body.compareKey(last) == 0) {
                repeatedInBody++;
                lines.add(body.line());
                continue;
            }
            any = true;
            last.set(body);
            boolean emitted = inFiles.has(body) || inRuns.has(body);
            if (emitted) {
                alreadyEmitted++;
                lines.add(body.line());
            } else {
                newKeys++;
            }
        }
        inFiles.readToEnd();
        inRuns.readToEnd();
        return new Duplicates(lines, newKeys, alreadyEmitted, repeatedInBody, inFiles.vanished);
    }

    /** Keys that were acknowledged; looked for in ascending order. */
    private static final class Known {

        private final KeyCursor keys;
        private final Set<Integer> vanishedOf;
        private boolean started;
        private boolean onKey;
        private boolean found;
        private long vanished;

        Known(KeyCursor keys, Set<Integer> vanishedOf) {
            this.keys = keys;
            this.vanishedOf = vanishedOf;
        }

        boolean has(PackedKey key) throws IOException, LedgerException {
            start();
            while (onKey && keys.compareKey(key) < 0) {
                pass();
            }
            found = onKey && keys.compareKey(key) == 0;
            return found;
        }

        /** So that what was read is known to be sound. */
        void readToEnd() throws IOException, LedgerException {
            start();
            while (onKey) {
                pass();
            }
        }

        private void start() throws IOException, LedgerException {
            if (!started) {
                started = true;
                onKey = keys.next();
            }
        }

        private void pass() throws IOException, LedgerException {
            if (!found && !vanishedOf.isEmpty() && vanishedOf.contains(keys.day())) {
                vanished++;
            }
            found = false;
            onKey = keys.next();
        }
    }
}
