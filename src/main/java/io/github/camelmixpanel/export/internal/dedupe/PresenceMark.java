package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.internal.dedupe.sort.PackedKey;

/**
 * The mark of one key after a commit, from all that is known of it: first what files and runs have,
 * which have line 0, then the lines of the body. Not thread-safe.
 */
final class PresenceMark {

    private long before;
    private long firstInBody;
    private boolean inBody;
    private boolean sameIdentity;

    void add(PackedKey key) {
        if (key.line() == 0) {
            before |= key.mark; // that of a run is 0
            return;
        }
        if (!inBody) {
            inBody = true;
            firstInBody = key.mark;
        }
        sameIdentity |= key.mark == (before | PackedKey.CURRENT);
    }

    /** What files have; 0 if they have not got the key. */
    long before() {
        return before;
    }

    /**
     * @param whole whether the body has the key's day whole, so that a key it lacks is not current
     */
    long now(boolean whole) {
        if (inBody) {
            // of two rows of one event, before and after a merge, the known one counts
            return sameIdentity ? before | PackedKey.CURRENT : firstInBody;
        }
        return whole ? before & ~PackedKey.CURRENT : before;
    }
}
