package io.github.camelmixpanel.export.internal.dedupe;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.dedupe.sort.KeyCursor;
import io.github.camelmixpanel.export.internal.dedupe.sort.PackedKey;
import java.io.IOException;
import java.util.Set;

/**
 * Finds the keys of a body among those that were acknowledged, in one pass that reads every cursor
 * to its end.
 */
final class MergeJoin {

    /** The line of keys in the run of the body's own generation; keys of other runs have 0. */
    static final long OWN_RUN = 1;

    private final Set<Integer> wholeDays;
    private final IdentityChanges changes;
    private final RepeatedLines lines = new RepeatedLines();
    private long newKeys;
    private long resumed;
    private long alreadyEmitted;
    private long repeatedInBody;
    private long vanished;
    private long changed;

    /**
     * @param wholeDays key days that the body has whole: keys of them that it lacks have vanished
     */
    MergeJoin(Set<Integer> wholeDays, IdentityChanges changes) {
        this.wholeDays = wholeDays;
        this.changes = changes;
    }

    /**
     * May be called once.
     *
     * @param acknowledged the keys of runs, each with its line as in {@link #OWN_RUN}
     */
    Duplicates join(KeyCursor body, KeyCursor committed, KeyCursor acknowledged)
            throws IOException, LedgerException {
        Known inFiles = new Known(committed);
        Known inRuns = new Known(acknowledged);
        PackedKey key = new PackedKey();
        boolean onLine = body.next();
        while (onLine) {
            key.set(body);
            boolean inFile = inFiles.has(key);
            boolean inRun = inRuns.has(key);
            count(key, inFile, inRun, inRun && acknowledged.line() == OWN_RUN);
            int before = inFile ? committed.identity() : KeyMaker.UNKNOWN;
            int content = inFile ? committed.content() : key.content();
            boolean sameIdentity = false;
            boolean sameContent = false;
            boolean otherContent = false;
            do {
                sameIdentity |= body.identity() == before;
                sameContent |= body.content() == content;
                otherContent |= body.content() != content;
                if (body.line() != key.line()) {
                    repeatedInBody++;
                    lines.all().add(body.line());
                }
                onLine = body.next();
            } while (onLine && body.compareKey(key) == 0);
            // one row of what was there before shows that it has not changed
            if (content != KeyMaker.UNKNOWN && (inFile ? !sameContent : otherContent)) {
                changed++;
            }
            if (inFile && committed.isCurrent()) {
                changes.stayed(before, key.identity(), sameIdentity);
            } else if (inFiles.hasDay(key.day())) {
                changes.came(key);
            }
        }
        inFiles.readToEnd();
        inRuns.readToEnd();
        return new Duplicates(
                lines,
                newKeys,
                resumed,
                alreadyEmitted,
                repeatedInBody,
                vanished,
                changes.count(),
                changed);
    }

    private void count(PackedKey key, boolean inFile, boolean inRun, boolean inOwnRun) {
        if (!inFile && !inRun) {
            newKeys++;
            return;
        }
        lines.all().add(key.line());
        if (inOwnRun) {
            resumed++;
            lines.resumed().add(key.line());
        } else {
            alreadyEmitted++;
        }
    }

    /** Keys that were acknowledged; they must be looked up in ascending order. */
    private final class Known {

        private final KeyCursor keys;
        private boolean onKey;
        private boolean found;
        private boolean anyPassed;
        private int lastDay;

        Known(KeyCursor keys) throws IOException, LedgerException {
            this.keys = keys;
            this.onKey = keys.next();
        }

        boolean has(PackedKey key) throws IOException, LedgerException {
            while (onKey && keys.compareKey(key) < 0) {
                pass();
            }
            found = onKey && keys.compareKey(key) == 0;
            return found;
        }

        /** Whether there is any key of this day, which is that of the key looked up last. */
        boolean hasDay(int day) {
            return onKey && keys.day() == day || anyPassed && lastDay == day;
        }

        /** A reader proves its file sound only at the end. */
        void readToEnd() throws IOException, LedgerException {
            while (onKey) {
                pass();
            }
        }

        /** Only keys of key files are current, so a key of a run never counts as vanished. */
        private void pass() throws IOException, LedgerException {
            if (!found && keys.isCurrent() && wholeDays.contains(keys.day())) {
                vanished++;
                changes.went(keys);
            }
            found = false;
            anyPassed = true;
            lastDay = keys.day();
            onKey = keys.next();
        }
    }
}
