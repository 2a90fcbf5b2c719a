package io.github.camelmixpanel.export.internal.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether an export works, what it waits for, or what an operator has to do: the one answer that
 * page, health check, JMX, dev console, meters and log show. Immutable.
 *
 * @param waitsFor present if the state is WAITING
 * @param what the same in words; with NEEDS_YOU what to do, as one sentence
 * @param until when the wait ends, or when what failed is tried again, as far as that is known
 * @param since when this began, as far as this run has seen it
 * @param days how far the export is, from the ledger
 * @param end when every day due is expected to be done; empty with NEEDS_YOU
 * @param troubles each cause once, the most urgent first
 */
public record Verdict(
        State state,
        Optional<WaitsFor> waitsFor,
        String what,
        Optional<Instant> until,
        Instant since,
        Days days,
        Optional<Instant> end,
        List<Trouble> troubles) {

    /** What an operator wants to know first. */
    public enum State {
        /** Downloads or emits. */
        WORKING,
        /** Goes on by itself. */
        WAITING,
        /** Does not go on, in part or at all, before an operator has done something. */
        NEEDS_YOU,
        /** Every day is exported, and none will be due. */
        FINISHED,
        /** Another process has the state. */
        STANDBY,
        /** The route is stopped or suspended. */
        STOPPED
    }

    public enum WaitsFor {
        /** The queries of the hour are used. */
        QUOTA,
        /** The last queries of the hour are kept for today's events. */
        RESERVE,
        /** No query of the project may start, such as after 429. */
        PAUSE,
        /** What failed is tried again. */
        RETRY,
        /** Nothing is due before. */
        NEXT_POLL
    }

    /** What is wrong; the most urgent first. */
    public enum Kind {
        POLL("Fix the cause, then start the route again."),
        TAKEN_OVER("Stop this route, or the other process: only one may have the state."),
        STATE("Make the state directory, or the database of dataSource, writable again."),
        CREDENTIALS("Set credentials that Mixpanel accepts, then restart the route."),
        DISK("Free disk space for the spool."),
        ROUTE("Fix the route, or what it sends to: the events are emitted again by themselves."),
        HELD("Find where the route holds these exchanges: each must be completed."),
        PARKED_WINDOW("Fix the route, then resume the parked window, or drop it."),
        PARKED_EVENTS("Fix the route, then resume the parked events, or drop them."),
        QUERY("Fix what the answer names: these days wait until then."),
        RATE_LIMIT("Find what else uses the quota of this project, or lower queriesPerHour."),
        TIME_ZONE("Set timeZone to the time zone of the Mixpanel project."),
        EMPTY("Check region, projectId, events and where: Mixpanel has no event in these days."),
        /** Attempts are left. */
        RETRY(null),
        /** Ends by itself. */
        PAUSE(null);

        private final String todo;

        Kind(String todo) {
            this.todo = todo;
        }

        /** What to do, as one sentence; empty when nothing is to be done. */
        public Optional<String> todo() {
            return Optional.ofNullable(todo);
        }
    }

    /**
     * One cause that keeps an export, or some of its windows, from going on.
     *
     * @param windows which ones, neighbours together; empty when it is all of them
     * @param text for people, with the first window
     * @param cause the last exception's message, without a window
     * @param since empty until a verdict knows
     */
    public record Trouble(
            Kind kind,
            List<Window> windows,
            String text,
            String cause,
            Attempt attempt,
            Optional<Instant> since) {

        public Trouble {
            windows = List.copyOf(windows);
        }

        public static Trouble of(Kind kind, String text) {
            return new Trouble(kind, List.of(), text, text, Attempt.NONE, Optional.empty());
        }

        /**
         * @param text begins with the window, as messages do
         */
        public static Trouble of(Kind kind, Window window, String text) {
            String cause = text.replaceFirst("^[Ww]indow \\Q" + window + "\\E: ", "");
            return of(kind, window, text, cause);
        }

        public static Trouble of(Kind kind, Window window, String text, String cause) {
            return new Trouble(kind, List.of(window), text, cause, Attempt.NONE, Optional.empty());
        }

        /** The same, tried again then. */
        public Trouble with(Optional<Instant> next) {
            return with(new Attempt(attempt.number, attempt.of, next));
        }

        /**
         * What is wrong with a window now: one whose retries were used up once needs an operator
         * until a query of it succeeds.
         *
         * @param before null for nothing
         */
        public Trouble after(Trouble before) {
            return kind == Kind.RETRY && before != null && before.kind == Kind.QUERY
                    ? new Trouble(Kind.QUERY, windows, text, cause, attempt, since)
                    : this;
        }

        public Trouble with(Attempt other) {
            return new Trouble(kind, windows, text, cause, other, since);
        }

        public Trouble since(Instant begun) {
            return new Trouble(kind, windows, text, cause, attempt, Optional.of(begun));
        }

        /** The same of several windows. */
        public Trouble of(List<Window> held) {
            return new Trouble(kind, held, text, cause, attempt, since);
        }

        /** Whether it is the same cause, though of other windows. */
        public boolean isLike(Trouble other) {
            return kind == other.kind && cause.equals(other.cause);
        }

        /** For people: the first window with its reason, and which others it holds up. */
        public String summary() {
            String why = text.contains(cause) ? text : text + " The last: " + cause + '.';
            return windows.size() < 2
                    ? why
                    : why
                            + " The same holds up "
                            + windows.stream()
                                    .skip(1)
                                    .map(Window::toString)
                                    .collect(Collectors.joining(", "))
                            + '.';
        }
    }

    /**
     * @param number of the last attempt; 0 when they are not counted
     * @param of how many there are before it waits for an hour or more
     * @param next when the next one comes, as far as that is known
     */
    public record Attempt(int number, int of, Optional<Instant> next) {

        public static final Attempt NONE = new Attempt(0, 0, Optional.empty());
    }

    /**
     * @param exported at least once
     * @param all up to today, or to the last day of the export
     */
    public record Days(int exported, int all) {

        /** Rounded down, so that 100 means all. */
        public int percent() {
            return all == 0 ? 0 : exported * 100 / all;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%,d of %,d days exported (%d %%)", exported, all, percent());
        }
    }

    public Verdict {
        troubles = List.copyOf(troubles);
    }

    /** The same, as of when it began. */
    public Verdict since(Instant begun, List<Trouble> known) {
        return new Verdict(state, waitsFor, what, until, begun, days, end, known);
    }

    /** Another one, with what is known of the days. */
    public Verdict now(State other, String words, Instant begun, List<Trouble> because) {
        return new Verdict(
                other,
                Optional.empty(),
                words,
                Optional.empty(),
                begun,
                days,
                Optional.empty(),
                because);
    }

    /** For people, in one line: state, words, end of the wait, progress and end. */
    public String text() {
        return state
                + ": "
                + what
                + until.map(it -> " (until " + time(it) + ")").orElse("")
                + (days.all() == 0 ? "" : "; " + days)
                + end.map(it -> ", done about " + time(it)).orElse("");
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
