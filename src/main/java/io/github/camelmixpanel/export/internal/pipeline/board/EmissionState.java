package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.internal.dedupe.Duplicates;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.pipeline.ack.RouteHealth;
import io.github.camelmixpanel.export.internal.pipeline.ack.WindowAcks;
import java.util.Set;

/**
 * What one thread alone reads and changes of a window: the polling thread, from the moment that the
 * {@link Board} has the window's verified body. Nothing in it is shown to other threads.
 */
public final class EmissionState {

    private Findings findings = Findings.NONE;
    private boolean ended;

    /**
     * The keys of the body; null until they are read, while it waits for what the route left
     * failed, and with deduplicate=false.
     */
    public BodyKeys keys;

    /** The lines of the body that the route had before; null with deduplicate=false. */
    public Duplicates duplicates;

    /** What the route has acknowledged; null until it is known what is to be emitted. */
    public WindowAcks acks;

    /** The events by day; null for a window of one day. */
    public DayTally days;

    /** How often the body could not be read. */
    public int failedReads;

    /** The last bad line that was reported. */
    public long lastBadLine;

    /** Parked events, of any body of this generation. */
    public long parked;

    /** The lines of this body that are parked. */
    public Set<Long> parkedLines = Set.of();

    /** What the passes have shown of the route, over all bodies of this generation. */
    public final RouteHealth.Passes passes = new RouteHealth.Passes();

    EmissionState() {}

    /** The board gives it the body; the caller leaves both to the polling thread. */
    synchronized void take(BodyKeys keysOfBody, Findings findingsOfBody) {
        keys = keysOfBody;
        findings = findingsOfBody;
        if (ended) {
            forgetBody();
        }
    }

    /** The export is closed: releases the body, also one whose download ends only now. */
    public synchronized void end() {
        ended = true;
        forgetBody();
    }

    /** Closes the keys: they take memory, and can be read again. */
    public void releaseKeys() {
        if (keys != null) {
            keys.close();
        }
        keys = null;
    }

    /** What the verification left, once; the caller closes it. A second pass has none. */
    public Findings takeFindings() {
        Findings taken = findings;
        findings = Findings.NONE;
        return taken;
    }

    /** Whether the route must not get the event of this line: it had it before, or it is parked. */
    public boolean repeats(long line) {
        return duplicates != null && duplicates.lines().contains(line)
                || !parkedLines.isEmpty() && parkedLines.contains(line);
    }

    /** Called for each event of the body in each pass, emitted or not. */
    public void count(ExportEvent event) {
        if (days != null) {
            days.take(event, duplicates == null || duplicates.lines().emits(event.line()));
        }
    }

    /** Whether the route took an event of this body, in this run or an earlier one. */
    public boolean anyTaken() {
        return acks.anyAcknowledged() || duplicates != null && duplicates.resumed() > 0;
    }

    /** The body is the same, but what of it is to be emitted has to be found out again. */
    public void beginAgain() {
        acks = null;
        duplicates = null;
        days = null;
        passes.restart();
    }

    /** Releases all that belongs to the body. */
    public void forgetBody() {
        releaseKeys();
        takeFindings().close();
        parkedLines = Set.of();
        failedReads = 0;
        beginAgain();
    }
}
