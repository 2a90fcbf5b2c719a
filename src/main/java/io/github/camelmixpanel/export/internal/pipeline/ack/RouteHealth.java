package io.github.camelmixpanel.export.internal.pipeline.ack;

import java.time.Duration;

/**
 * Tells a poison event from a route that is down: an event is to blame only for what it fails while
 * the route takes others.
 *
 * <p>The route is down when an exchange failed for the first time and none was taken since. That
 * tells nothing where it is the last exchange of its window: when the route took others of the
 * window, and no second exchange of any window failed since it last took one, the last one is to
 * blame too, but is not parked within an hour. When several are left, either may be to blame, and
 * they are parked after a day. What an earlier run found out about an exchange still holds. The
 * route comes and goes when much of a window fails, and the route takes what it failed before: a
 * poison event is never taken. It may have come back in the middle of the first pass when much of
 * it failed in a row, which has one more try. Neither time nor size of the events decides. Pure;
 * not thread-safe, the monitor of {@link InFlight} guards it.
 */
public final class RouteHealth {

    /** What failed alone as the last of its window is parked no sooner. */
    private static final Duration ALONE = Duration.ofHours(1);

    /** The same where several were left. */
    private static final Duration TOGETHER = Duration.ofHours(24);

    /** What is to blame for what a pass left failed. */
    enum Verdict {
        EVENTS,
        ROUTE,
        EITHER
    }

    /** Exchanges with events that the route took, of all windows. */
    private long taken;

    /** Those of them that had failed before. */
    private long recovered;

    /** {@link #taken} when an exchange last failed that had not failed before; -1 before. */
    private long takenAtFailure = -1;

    /** {@link #taken} when a second exchange of one window failed like that; -1 before. */
    private long takenAtSecondFailure = -1;

    /** What the passes over one window have shown so far. */
    public static final class Passes {

        /** Whether the route was down, or came and went, when the last pass ended. */
        private boolean wasDown;

        /** Whether a pass has ended. */
        private boolean begun;

        /** Whether the route may have come back in the middle of the pass that just ended. */
        private boolean cameBack;

        /** {@link RouteHealth#recovered} when a pass last looked. */
        private long recoveredSeen;

        /** {@link RouteHealth#taken} when {@link #recoveredSeen} last changed; -1 before. */
        private long takenAtRecovery = -1;

        /** Passes in a row that left events failed and in which the route took none. */
        private int fruitless;

        /** Whether there were so many. */
        boolean reached(int passes) {
            return fruitless >= passes;
        }

        /**
         * A pass has left events failed.
         *
         * @param anyTaken whether the route took others in this pass
         * @return how many passes in a row did, since one in which the route took any
         */
        public int failed(boolean anyTaken) {
            fruitless = cameBack ? 0 : anyTaken ? 1 : fruitless + 1;
            return Math.max(1, fruitless);
        }

        /** Another body, or an operator, gives the window another start. */
        public void restart() {
            fruitless = 0;
        }
    }

    /**
     * @param failedBefore whether the exchange had failed before
     */
    void taken(boolean failedBefore) {
        taken++;
        recovered += failedBefore ? 1 : 0;
    }

    /**
     * An exchange failed that had not failed before.
     *
     * @param last what the last such call for its window returned; -1 for none
     */
    long failedFirst(long last) {
        if (last == taken) {
            takenAtSecondFailure = taken;
        }
        takenAtFailure = taken;
        return taken;
    }

    boolean isDown() {
        return takenAtFailure == taken;
    }

    /**
     * A pass over a window is over: what is to blame for what it left failed. What failed just
     * before the route came back has one more try, and so has much that failed in a row in the
     * first pass.
     *
     * @param much whether more of the window fails than would be parked event by event
     * @param rest whether the route took, now or in an earlier run, all else of the window
     * @param inARow whether two exchanges of the window failed for the first time with none taken
     *     in between
     */
    Verdict judge(Passes passes, boolean much, boolean rest, boolean inARow) {
        passes.cameBack = much && inARow && !passes.begun && !isDown();
        passes.begun = true;
        boolean unclear = passes.wasDown || passes.cameBack;
        boolean down = rest ? takenAtSecondFailure == taken : isDown();
        passes.wasDown = down || comesAndGoes(passes, much);
        if (down && rest && !much) {
            return Verdict.EITHER;
        }
        return passes.wasDown || unclear ? Verdict.ROUTE : Verdict.EVENTS;
    }

    /**
     * Whether an exchange that a pass left failed is a poison one.
     *
     * @param tries how often it failed while the route was up
     * @param allowed how often it may
     * @param tried whether the window was tried often in this run
     * @param unproven how long it fails without another event being taken; null once one was
     */
    static boolean isPoison(
            Verdict verdict, int tries, int allowed, boolean tried, Duration unproven) {
        return switch (verdict) {
            case ROUTE -> false;
            case EITHER -> tried && (unproven == null || unproven.compareTo(TOGETHER) >= 0);
            case EVENTS ->
                    tries > allowed
                            && (allowed == 0 || unproven == null || unproven.compareTo(ALONE) >= 0);
        };
    }

    /** How long until the next try of such an exchange tells the most; zero for at once. */
    static Duration untilLastTry(int tries, int allowed, Duration unproven) {
        return unproven == null || allowed == 0 || tries < allowed
                ? Duration.ZERO
                : ALONE.minus(unproven);
    }

    /** How many exchanges with events it took. */
    long taken() {
        return taken;
    }

    /**
     * Whether much fails while the route took, since a pass last looked, something that had failed
     * before, or has taken nothing since it did.
     */
    private boolean comesAndGoes(Passes passes, boolean much) {
        if (recovered != passes.recoveredSeen) {
            passes.recoveredSeen = recovered;
            passes.takenAtRecovery = taken;
        }
        return taken == passes.takenAtRecovery && much;
    }
}
