package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.internal.dedupe.sort.PackedKey;

/**
 * Derives the mark that one key has after a commit from all its occurrences: first those of files
 * and runs, which have line 0, then the lines of the body. Not thread-safe.
 */
final class PresenceMark {

    private long before;
    private long firstInBody;
    private boolean inBody;
    private boolean sameIdentity;
    private boolean sameContent;

    void add(PackedKey key) {
        if (key.line() == 0) {
            before |= key.mark; // that of a run is 0
            return;
        }
        if (!inBody) {
            inBody = true;
            firstInBody = key.mark;
        }
        sameIdentity |= (int) key.mark == (int) (before | PackedKey.CURRENT);
        sameContent |= key.mark >>> 32 == before >>> 32;
    }

    /** The mark in the key file; 0 if it lacks the key. */
    long before() {
        return before;
    }

    /**
     * @param whole whether the body has the key's day whole: a key that it lacks is then not
     *     current
     */
    long now(boolean whole) {
        if (inBody) {
            // of two rows of one event, as before and after a merge of users, what is known counts
            return (sameContent ? before : firstInBody) >>> 32 << 32
                    | (sameIdentity ? before | PackedKey.CURRENT : firstInBody) << 32 >>> 32;
        }
        return whole ? before & ~PackedKey.CURRENT : before;
    }
}
