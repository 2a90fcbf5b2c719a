package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeyCursor;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeySorter;
import io.github.camelmixpanel.export.internal.dedupe.sort.PackedKey;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.Closeable;
import java.io.IOException;

/**
 * Counts the events whose {@code distinct_id} Mixpanel has rewritten between two exports of their
 * day.
 *
 * <p>With {@code INSERT_ID} such an event keeps its key and changes its identity. With {@code
 * MIXPANEL} one key goes and another with the same identity comes; these keys are sorted by
 * identity, within the sorter's memory limit. By chance, one in two billion pairs of different
 * events of a day shares an identity. Not thread-safe.
 */
final class IdentityChanges implements Closeable {

    static final IdentityChanges NOT_COUNTED = new IdentityChanges(DedupeRecipe.INSERT_ID, null);

    private static final int WENT = 0;
    private static final int CAME = 1;

    private final DedupeRecipe recipe;

    /** By day and identity, with {@link #WENT} or {@link #CAME} as the line. */
    private final KeySorter changed;

    private long changedInPlace;
    private boolean anyWent;

    /**
     * @param changed an empty sorter, closed with this object; null if the recipe needs none
     */
    IdentityChanges(DedupeRecipe recipe, KeySorter changed) {
        this.recipe = recipe;
        this.changed = changed;
    }

    /** Reports a key that the last export had and this one lacks. */
    void went(PackedKey key) throws IOException {
        anyWent |= add(key, WENT);
    }

    /** Reports a key that the last export of its day lacked and this one has. */
    void came(PackedKey key) throws IOException {
        add(key, CAME);
    }

    /**
     * Reports a key that both exports have.
     *
     * @param sameIdentity whether one of its lines has the identity of the last export
     */
    void stayed(int before, int now, boolean sameIdentity) {
        if (recipe == DedupeRecipe.INSERT_ID
                && before != KeyMaker.UNKNOWN
                && now != KeyMaker.UNKNOWN
                && !sameIdentity) {
            changedInPlace++;
        }
    }

    private boolean add(PackedKey key, int which) throws IOException {
        if (recipe != DedupeRecipe.MIXPANEL || key.identity() == KeyMaker.UNKNOWN) {
            return false;
        }
        changed.add(key.day(), key.identity(), 0, which, 0);
        return true;
    }

    /** How many rewritten events the reported keys show. */
    long count() throws IOException, LedgerException {
        return anyWent ? changedInPlace + pairs() : changedInPlace;
    }

    private long pairs() throws IOException, LedgerException {
        long pairs = 0;
        try (KeyCursor keys = changed.sorted()) {
            PackedKey identity = new PackedKey();
            boolean onKey = keys.next();
            while (onKey) {
                identity.set(keys);
                long[] times = new long[2];
                do {
                    times[(int) keys.line()]++;
                    onKey = keys.next();
                } while (onKey && keys.compareKey(identity) == 0);
                pairs += Math.min(times[WENT], times[CAME]);
            }
        }
        return pairs;
    }

    @Override
    public void close() throws IOException {
        if (changed != null) {
            changed.close();
        }
    }
}
