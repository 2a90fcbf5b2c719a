package io.github.camelmixpanel.export.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The limits of one project, counted over every query that they did not refuse, failed ones too
 * (assumed; whether either counts is not documented). Immutable; the numbers are documented in
 * Mixpanel's page of rate limits as 60 an hour, 3 a second, 100 at once, and that the hour is a
 * rolling one is observed.
 */
record ProjectLimits(int perHour, int perSecond, int concurrent) {

    static final ProjectLimits DOCUMENTED = new ProjectLimits(60, 3, 100);
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration SECOND = Duration.ofSeconds(1);

    /** Observed: what a refusal of too many queries at once tells to wait. */
    private static final long SECONDS_FOR_CONCURRENCY = 10;

    ProjectLimits {
        if (perHour < 1 || perSecond < 1 || concurrent < 1) {
            throw new IllegalArgumentException(
                    "limits: expected 1 or more each, found "
                            + List.of(perHour, perSecond, concurrent));
        }
    }

    /**
     * Why the newest query is refused, or null if it is not.
     *
     * @param starts when queries that count were received, the newest included
     * @param underWay how many have no complete answer yet, the newest included
     */
    Reply refusal(List<Instant> starts, int underWay, Instant now, String project) {
        List<Instant> hour = within(HOUR, starts, now);
        if (hour.size() > perHour) {
            return refusal(
                    project,
                    String.format(
                            Locale.ROOT,
                            "the rate limit (%d/%d queries running in the last hour)",
                            hour.size(),
                            perHour),
                    "\"project\";r=0;t=%d, \"project-concurrency\";r=%d",
                    seconds(hour.get(hour.size() - perHour).plus(HOUR), now),
                    Math.max(0, concurrent - underWay));
        }
        int left = perHour - hour.size();
        int second = within(SECOND, starts, now).size();
        if (second > perSecond) {
            return refusal(
                    project,
                    String.format(
                            Locale.ROOT,
                            "the rate limit (%d/%d queries running in the last second)",
                            second,
                            perSecond),
                    "\"project\";r=" + left + ";t=%d, \"project-concurrency\";r=%d",
                    SECOND.toSeconds(),
                    Math.max(0, concurrent - underWay));
        }
        if (underWay > concurrent) {
            return refusal(
                    project,
                    String.format(
                            Locale.ROOT,
                            "the concurrency limit (%d/%d queries running concurrently)",
                            underWay,
                            concurrent),
                    "\"project\";r=" + left + ", \"project-concurrency\";r=0;t=%d",
                    SECONDS_FOR_CONCURRENCY,
                    0);
        }
        return null;
    }

    /** The largest number of starts in any span; starts exactly one span apart are in two. */
    static int mostWithin(Duration span, List<Instant> starts) {
        List<Instant> sorted = starts.stream().sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.size(); last++) {
            while (!sorted.get(first).plus(span).isAfter(sorted.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** What was broken, in words; empty if nothing. */
    List<String> broken(List<Instant> starts, int mostConcurrent) {
        List<String> broken = new ArrayList<>();
        note(broken, mostWithin(HOUR, starts), perHour, "queries in one rolling hour");
        note(broken, mostWithin(SECOND, starts), perSecond, "queries in one rolling second");
        note(broken, mostConcurrent, concurrent, "queries at once");
        return broken;
    }

    private static void note(List<String> broken, int found, int limit, String what) {
        if (found > limit) {
            broken.add("expected at most " + limit + " " + what + ", found " + found);
        }
    }

    /** Sorted; what seems to lie in the future, after a clock was set back, counts as now. */
    private static List<Instant> within(Duration span, List<Instant> starts, Instant now) {
        return starts.stream().filter(start -> start.plus(span).isAfter(now)).sorted().toList();
    }

    private static long seconds(Instant until, Instant now) {
        return Math.max(1, Duration.between(now, until).plusNanos(999_999_999).toSeconds());
    }

    /**
     * Headers and text as observed on Mixpanel's query host; assumed for exports.
     *
     * @param state the header RateLimit, with the wait at the policy that refuses
     * @param freeAtOnce for the state, after the seconds
     */
    private Reply refusal(
            String project, String exceeded, String state, long seconds, int freeAtOnce) {
        String text =
                "Query rate limit exceeded for project_id: "
                        + project
                        + ". This request exceeded "
                        + exceeded
                        + ".";
        String policy =
                String.format(
                        Locale.ROOT,
                        "\"project\";q=%d;w=3600, "
                                + "\"project-concurrency\";q=%d;qu=\"concurrent-requests\"",
                        perHour,
                        concurrent);
        return Reply.error(
                429,
                text,
                Map.of(
                        "Retry-After",
                        Long.toString(seconds),
                        "RateLimit-Policy",
                        policy,
                        "RateLimit",
                        String.format(Locale.ROOT, state, seconds, freeAtOnce)));
    }
}
