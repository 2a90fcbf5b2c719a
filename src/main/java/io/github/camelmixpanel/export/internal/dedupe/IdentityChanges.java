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
 * <p>With {@code INSERT_ID} such an event keeps its key and has another identity. With {@code
 * MIXPANEL} it is a key that went and another that came, of one identity: these are sorted by it,
 * within the sorter's bound of memory. Two different events of one day share an identity by chance
 * once in two thousand million pairs. Not thread-safe.
 */
final class IdentityChanges implements Closeable {

    static final IdentityChanges NOT_COUNTED = new IdentityChanges(DedupeRecipe.INSERT_ID, null);

    private static final int WENT = 0;
    private static final int CAME = 1;

    private final DedupeRecipe recipe;

    /** By day and identity, with {@link #WENT} or {@link #CAME} for a line. */
    private final KeySorter changed;

    private long rewritten;
    private boolean anyWent;

    /**
     * @param changed an empty sorter, closed with this; null where the recipe needs none
     */
    IdentityChanges(DedupeRecipe recipe, KeySorter changed) {
        this.recipe = recipe;
        this.changed = changed;
    }

    /** The last export had a key that this one lacks. */
    void went(PackedKey key) throws IOException {
        if (add(key, WENT)) {
            anyWent = true;
        }
    }

    /** This export has a key that the last one lacked, of a day that was exported before. */
    void came(PackedKey key) throws IOException {
        add(key, CAME);
    }

    /**
     * Both exports have a key.
     *
     * @param identities whether one of its lines has the identity that the last one had
     */
    void stayed(int before, int now, boolean identities) {
        if (recipe == DedupeRecipe.INSERT_ID
                && before != KeyMaker.UNKNOWN
                && now != KeyMaker.UNKNOWN
                && !identities) {
            rewritten++;
        }
    }

    private boolean add(PackedKey key, int which) throws IOException {
        if (recipe != DedupeRecipe.MIXPANEL || key.identity() == KeyMaker.UNKNOWN) {
            return false;
        }
        changed.add(key.day(), key.identity(), 0, which, 0);
        return true;
    }

    /** How many there were, of all that was told. */
    long count() throws IOException, LedgerException {
        return anyWent ? rewritten + pairs() : rewritten;
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
