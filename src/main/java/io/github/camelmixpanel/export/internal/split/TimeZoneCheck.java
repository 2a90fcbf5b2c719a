package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * Detects from the events of a body that their times were read in the wrong time zone, as far as
 * the events show it.
 *
 * <p>It measures the gap of each event: from its converted {@code time} to {@code
 * mp_processing_time_ms}, which is UTC in every project (documented). In the right zone a gap is
 * seconds or minutes for most events, days for late ones, and negative only where a clock is wrong.
 * In the wrong zone all gaps are off by the difference of two zones. The rule (assumed, as is every
 * threshold in it):
 *
 * <ul>
 *   <li>Fewer than {@value #FEWEST_EVENTS} events with both times show nothing.
 *   <li>The zone is wrong if more than 1 % of them, and at least {@value #FEWEST_AHEAD}, lie more
 *       than 10 minutes after they were processed. The minimum prevents a single device with a
 *       wrong clock from deciding in a small window.
 *   <li>It is also wrong if more than half of the gaps, and so their median, lie near the same
 *       nonzero difference of zones: from 2 minutes below to 10 minutes above it, as clients send
 *       within minutes and their clocks are that accurate. Differences are multiples of 15 minutes,
 *       and the resulting offset of the project must be one that some zone has on that day. In
 *       addition, those events must fall on {@value #FEWEST_MINUTES} different minutes of the hour:
 *       a batch imported hours late has gaps of many sizes, and hourly or daily sums, which share
 *       one gap, share one minute too. The rule still misjudges a steady import that lags by whole
 *       hours.
 * </ul>
 *
 * <p>It takes about 3 KB, however many events there are. Not thread-safe.
 */
public final class TimeZoneCheck implements EventTaker {

    private static final int FEWEST_EVENTS = 100;
    private static final int FEWEST_AHEAD = 10;
    private static final int FEWEST_MINUTES = 20;
    private static final long MINUTE = 60_000;
    private static final long AHEAD = 10 * MINUTE;
    private static final long STEP = 15 * MINUTE;
    private static final long BELOW = 2 * MINUTE;
    private static final long ABOVE = 10 * MINUTE;

    /** From UTC+14 to UTC-12 there are 26 hours, the widest difference of two zones. */
    private static final int MAX_STEPS = 26 * 4;

    private final ZoneId zone;
    private final long[] near = new long[2 * MAX_STEPS + 1];

    /** For each step, one bit per minute of the hour that an event of it fell on. */
    private final long[] minutes = new long[2 * MAX_STEPS + 1];

    private long events;
    private long ahead;
    private Instant last;

    /**
     * @param zone that the times are read in
     */
    public TimeZoneCheck(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public void take(ExportEvent event) {
        Instant instant = event.time();
        Instant instantProcessed = event.processed();
        if (instant == null || instantProcessed == null) {
            return;
        }
        events++;
        last = instantProcessed;
        long time = instant.toEpochMilli();
        long processed = instantProcessed.toEpochMilli();
        if (Math.abs(time / 2 - processed / 2) > MAX_STEPS * STEP) {
            ahead += time > processed ? 1 : 0;
            return; // no difference of zones, and perhaps too large for a long
        }
        long gap = processed - time;
        if (gap < -AHEAD) {
            ahead++;
        }
        long step = Math.floorDiv(gap + BELOW, STEP);
        if (Math.abs(step) <= MAX_STEPS && Math.floorMod(gap + BELOW, STEP) < BELOW + ABOVE) {
            int index = (int) step + MAX_STEPS;
            near[index]++;
            minutes[index] |= 1L << Math.floorMod(Math.floorDiv(time, MINUTE), 60L);
        }
    }

    /** Whether there were enough events for a verdict. */
    public boolean hasEnoughEvents() {
        return events >= FEWEST_EVENTS;
    }

    /** Why the zone is wrong; empty if nothing shows it. */
    public Optional<String> misfit() {
        if (!hasEnoughEvents()) {
            return Optional.empty();
        }
        Optional<ZoneOffset> offset = likelyOffset();
        if (ahead >= FEWEST_AHEAD && ahead * 100 > events) {
            String most = offset.map(it -> ", most as in a project at " + text(it)).orElse("");
            String found =
                    "%.1f %% of its %,d events lie more than 10 minutes after Mixpanel processed them";
            return Optional.of(
                    String.format(Locale.ROOT, found, ahead * 100.0 / events, events) + most);
        }
        String found =
                "the processing delays of most of its %,d events match those in a project at %s";
        return offset.map(it -> String.format(Locale.ROOT, found, events, text(it)));
    }

    /** The offset of the project that the gaps suggest; empty if they suggest none. */
    private Optional<ZoneOffset> likelyOffset() {
        for (int steps = -MAX_STEPS; steps <= MAX_STEPS; steps++) {
            int index = steps + MAX_STEPS;
            if (steps != 0
                    && near[index] * 2 > events
                    && Long.bitCount(minutes[index]) >= FEWEST_MINUTES) {
                int seconds =
                        zone.getRules().getOffset(last).getTotalSeconds()
                                - (int) (steps * STEP / 1000);
                return exists(seconds)
                        ? Optional.of(ZoneOffset.ofTotalSeconds(seconds))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean exists(int offsetSeconds) {
        return ZoneId.getAvailableZoneIds().stream()
                .map(id -> ZoneId.of(id).getRules().getOffset(last).getTotalSeconds())
                .anyMatch(seconds -> seconds == offsetSeconds);
    }

    private static String text(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "UTC" : "UTC" + offset;
    }
}
