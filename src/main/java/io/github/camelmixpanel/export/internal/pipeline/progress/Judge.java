package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.QuotaStatus;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Attempt;
import io.github.camelmixpanel.export.internal.model.Verdict.Kind;
import io.github.camelmixpanel.export.internal.model.Verdict.State;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Verdict.WaitsFor;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Judges from what is known of an export how it is. Pure. */
record Judge(
        Instant at,
        boolean polls,
        List<WindowStatus> windows,
        QuotaStatus quota,
        Reserve reserve,
        Optional<Instant> nextDue,
        Verdict.Days days,
        Optional<Instant> end) {

    /**
     * What a back-fill leaves to today's events.
     *
     * @param queries of each hour; 0 for none
     * @param until when a back-fill may query again
     */
    record Reserve(int queries, Instant until) {}

    private static final String BACKFILL = "backfill";

    /**
     * @param found each trouble, of each window
     */
    Verdict verdict(List<Trouble> found) {
        List<Trouble> causes = causes(found);
        Optional<Trouble> urgent =
                causes.stream().filter(it -> it.kind().todo().isPresent()).findFirst();
        if (urgent.isPresent()) {
            Optional<Instant> next = urgent.get().attempt().next().filter(at::isBefore);
            return verdict(
                    State.NEEDS_YOU, null, urgent.get().kind().todo().orElseThrow(), next, causes);
        }
        if (windows.isEmpty()) {
            return idle(causes);
        }
        if (polls && (any(it -> it.download().querying()) || any(Judge::isMoving))) {
            return verdict(State.WORKING, null, work(), Optional.empty(), causes);
        }
        return any(it -> it.state() == WindowState.FETCHING) ? permit(causes) : next(causes);
    }

    private Verdict idle(List<Trouble> causes) {
        if (nextDue.isEmpty()) {
            return waits(WaitsFor.NEXT_POLL, "the first poll is to come", null, causes);
        }
        return nextDue.get().equals(Instant.MAX)
                ? verdict(
                        State.FINISHED,
                        null,
                        "every day is exported, and none will be due",
                        Optional.empty(),
                        causes)
                : waits(WaitsFor.NEXT_POLL, "nothing is due", nextDue.get(), causes);
    }

    /** Queries that wait for leave to start. */
    private Verdict permit(List<Trouble> causes) {
        boolean keeps =
                reserve.queries() > 0
                        && windows.stream()
                                .filter(it -> it.state() == WindowState.FETCHING)
                                .allMatch(it -> it.kind().equals(BACKFILL));
        if (quota.pause().isPresent()) {
            return waits(WaitsFor.PAUSE, quota.pause().get(), quota.nextStart(), causes);
        }
        if (quota.free() <= 0) {
            String used = "all " + quota.perHour() + " queries of the hour are used";
            return waits(WaitsFor.QUOTA, used, keeps ? reserve.until() : quota.nextStart(), causes);
        }
        if (keeps && quota.free() <= reserve.queries()) {
            String kept =
                    "the last %d queries of each hour are kept for today's events"
                            .formatted(reserve.queries());
            return waits(WaitsFor.RESERVE, kept, reserve.until(), causes);
        }
        return verdict(State.WORKING, null, work(), Optional.empty(), causes);
    }

    private Verdict next(List<Trouble> causes) {
        Optional<Instant> retry =
                windows.stream()
                        .flatMap(it -> it.waitsUntil().stream())
                        .filter(at::isBefore)
                        .min(Comparator.naturalOrder());
        return retry.isPresent()
                ? waits(WaitsFor.RETRY, "what failed is tried again", retry.get(), causes)
                : waits(WaitsFor.NEXT_POLL, "the next poll takes what is due", null, causes);
    }

    private Verdict waits(WaitsFor what, String words, Instant until, List<Trouble> causes) {
        return verdict(
                State.WAITING,
                what,
                words,
                Optional.ofNullable(until).filter(at::isBefore),
                causes);
    }

    private Verdict verdict(
            State state,
            WaitsFor waitsFor,
            String what,
            Optional<Instant> until,
            List<Trouble> causes) {
        Optional<Instant> reached = state == State.NEEDS_YOU ? Optional.empty() : end;
        return new Verdict(
                state, Optional.ofNullable(waitsFor), what, until, at, days, reached, causes);
    }

    private String work() {
        List<String> parts = new ArrayList<>();
        add(parts, "downloading", it -> it.download().querying());
        add(parts, "emitting", it -> it.state() == WindowState.EMITTING);
        add(parts, "waiting for the outcome of", it -> it.state() == WindowState.ISSUED);
        return parts.isEmpty() ? "between two windows" : String.join(", ", parts);
    }

    private void add(List<String> parts, String what, Predicate<WindowStatus> which) {
        List<String> those =
                windows.stream().filter(which).map(it -> it.window().toString()).toList();
        if (!those.isEmpty()) {
            parts.add(
                    what
                            + " "
                            + (those.size() > 2
                                    ? those.size() + " windows"
                                    : String.join(" and ", those)));
        }
    }

    private boolean any(Predicate<WindowStatus> which) {
        return windows.stream().anyMatch(which);
    }

    private static boolean isMoving(WindowStatus window) {
        return switch (window.state()) {
            case SPOOLED, EMITTING, ISSUED -> true;
            default -> false;
        };
    }

    /** Each cause once, with the windows it holds up; a pause is one, while it lasts. */
    private List<Trouble> causes(List<Trouble> found) {
        Stream<Trouble> pause =
                quota.pause().stream()
                        .filter(it -> found.stream().noneMatch(Judge::isPause))
                        .map(it -> Trouble.of(Kind.PAUSE, it).with(next(quota.nextStart())));
        List<Trouble> causes = new ArrayList<>();
        Stream.concat(found.stream(), pause)
                .sorted(Comparator.comparing(Trouble::kind))
                .forEach(it -> add(causes, it));
        return causes;
    }

    private static boolean isPause(Trouble trouble) {
        return trouble.kind() == Kind.CREDENTIALS || trouble.kind() == Kind.RATE_LIMIT;
    }

    private static Attempt next(Instant at) {
        return new Attempt(0, 0, Optional.of(at));
    }

    private static void add(List<Trouble> causes, Trouble one) {
        for (int i = 0; i < causes.size(); i++) {
            if (causes.get(i).isLike(one)) {
                Stream<Window> all =
                        Stream.concat(causes.get(i).windows().stream(), one.windows().stream());
                causes.set(i, sooner(causes.get(i), one).of(together(all)));
                return;
            }
        }
        causes.add(one);
    }

    private static Trouble sooner(Trouble a, Trouble b) {
        Instant next = b.attempt().next().orElse(Instant.MAX);
        return a.with(
                next.isBefore(a.attempt().next().orElse(Instant.MAX)) ? b.attempt() : a.attempt());
    }

    /** Neighbouring days as one range. */
    private static List<Window> together(Stream<Window> windows) {
        List<Window> ranges = new ArrayList<>();
        for (Window it : windows.sorted(Comparator.comparing(Window::fromDate)).toList()) {
            Window last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null
                    && !it.fromDate().isAfter(last.toDate().plusDays(1))
                    && !it.isArrivals()
                    && !last.isArrivals()) {
                LocalDate to = Collections.max(List.of(last.toDate(), it.toDate()));
                ranges.set(ranges.size() - 1, new Window(last.fromDate(), to));
            } else {
                ranges.add(it);
            }
        }
        return ranges;
    }
}
