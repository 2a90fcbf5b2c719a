package io.github.camelmixpanel.export.week;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.tasks.TaskResult;
import io.github.camelmixpanel.export.option.LateEvents;
import io.github.camelmixpanel.export.simulator.Query;
import io.github.camelmixpanel.export.simulator.TimeForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What must be true of a week when it is over. */
final class Promise {

    /** What is acknowledged is on disk a second later, or as soon as one more event is done. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private static final Pattern LEFT_FAILED =
            Pattern.compile("left (\\d+) events? failed( and took no other since)?");

    private final WeekRun run;
    private final Week week;

    Promise(WeekRun run) {
        this.run = run;
        this.week = run.week();
    }

    void check() throws IOException {
        everyEventPromisedWasAcknowledged();
        nothingWasRepeatedButByACrash();
        textsAreKept();
        whatIsNoEventIsSetAside();
        timesAreTrue();
        poisonStopsNoWindow();
        figuresAddUp();
        if (week.tasks) {
            tasksCountOnce();
        }
        everyDayIsFinal();
        run.mixpanel().assertLimitsHeld();
        assertThat(run.mixpanel().refused()).as("queries refused for the quota").isZero();
    }

    private void everyEventPromisedWasAcknowledged() {
        Set<Integer> acknowledged =
                week.tasks
                        ? run.fetchers().acknowledged()
                        : run.route().emitted.stream()
                                .filter(one -> one.acknowledged != null)
                                .map(one -> one.n)
                                .collect(Collectors.toSet());
        List<WeeksEvents.Known> lost =
                run.events().stream()
                        .filter(this::isPromised)
                        .filter(known -> !acknowledged.contains(known.n()))
                        .toList();
        assertThat(lost).as(() -> "promised and never acknowledged; " + howItEnded()).isEmpty();
    }

    /** Whether the end of the week came too early for what it lacks. */
    private String howItEnded() {
        String lastPoll = "last poll at " + run.lastPoll();
        if (!week.tasks) {
            return lastPoll + "; last commits " + last(run.route().summaries);
        }
        Fetchers fetchers = run.fetchers();
        synchronized (fetchers) {
            return "%s; last tasks %s; last outcomes %s"
                    .formatted(lastPoll, last(fetchers.issued), last(fetchers.reported));
        }
    }

    private static <T> List<T> last(List<T> all) {
        return all.subList(Math.max(0, all.size() - 5), all.size());
    }

    /**
     * Whatever the mode: the last export of a day begins when its lookback is over, or later, so
     * that it has what is shown then and ever after. With ARRIVAL also what says when it was
     * processed, if that was no more than {@code arrivalDays} after its day, and if it is shown
     * within 2 hours of that.
     */
    private boolean isPromised(WeeksEvents.Known known) {
        if (!known.event().isShownAt(run.lastPoll())) {
            return false;
        }
        LocalDate processed = LocalDate.ofInstant(known.processed(), week.zone);
        boolean arrives =
                week.mode == LateEvents.ARRIVAL
                        && known.tells()
                        && !known.day().isBefore(processed.minusDays(week.arrivalDays));
        return arrives || known.event().isShownAt(week.promisedUntil(known.day()));
    }

    private void nothingWasRepeatedButByACrash() {
        Map<String, Emitted> last = new HashMap<>();
        Map<Integer, List<Emitted>> repeated = new HashMap<>();
        Set<Integer> crashed = run.crashes().stream().map(Crash::life).collect(Collectors.toSet());
        for (Emitted one : run.route().emitted) {
            Emitted before = last.put(one.key, one);
            if (before != null && !before.refused && !before.stopped) {
                assertThat(before.life != one.life && crashed.contains(before.life))
                        .as("after no crash came again:%n%s%nas%n%s", before, one)
                        .isTrue();
                repeated.computeIfAbsent(before.life, first -> new ArrayList<>()).add(before);
            }
        }
        for (Crash crash : run.crashes()) {
            List<Emitted> again = repeated.getOrDefault(crash.life(), List.of());
            Instant flushed = crash.unwrittenSince().minus(FLUSH).minus(week.work.multipliedBy(3));
            assertThat(again)
                    .as("repeated by the crash of %s, and acknowledged before", crash)
                    .filteredOn(one -> one.acknowledged != null)
                    .allMatch(one -> !one.acknowledged.isBefore(flushed));
            assertThat(again)
                    .as("repeated by the crash of %s, and in flight then", crash)
                    .filteredOn(one -> one.acknowledged == null)
                    .hasSizeLessThanOrEqualTo(week.maxInFlight * week.batchSize);
        }
    }

    /** Also in the hour that a clock change repeats, which counts as the first of the two. */
    private void timesAreTrue() {
        for (Emitted one : run.route().emitted) {
            WeeksEvents.Known known = run.events().get(one.n);
            Instant expected = known.time();
            if (known.form() != TimeForm.ISO_OFFSET) {
                expected =
                        LocalDateTime.ofInstant(expected, week.zone).atZone(week.zone).toInstant();
            }
            assertThat(one.event.time().truncatedTo(ChronoUnit.SECONDS))
                    .as("time of event %d, written as %s", known.n(), known.form())
                    .isEqualTo(expected.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** With the control characters in them, byte for byte. */
    private void textsAreKept() {
        for (Emitted one : run.route().emitted) {
            String note = run.events().get(one.n).note();
            assertThat(Keys.noteOf(one.event)).isEqualTo(note);
            if (note != null) {
                assertThat(new String(one.event.json(), StandardCharsets.UTF_8)).contains(note);
            }
        }
    }

    private void whatIsNoEventIsSetAside() throws IOException {
        List<String> damage = run.damage().values().stream().flatMap(List::stream).toList();
        if (damage.isEmpty() || week.tasks) {
            assertThat(run.route().badLines).isZero();
        } else {
            assertThat(run.route().badLines)
                    .as("lines of which the route heard that they are no events")
                    .isGreaterThanOrEqualTo(damage.size());
        }
        if (!run.losesBodies()) {
            assertThat(run.quarantined()).containsExactlyInAnyOrderElementsOf(damage);
        }
        for (WindowSummary summary : run.route().summaries) {
            assertThat(summary.download().badLines())
                    .as("bad lines of %s", summary)
                    .isEqualTo(
                            summary.window().arrivals() != null
                                    ? 0
                                    : summary.window()
                                            .days()
                                            .mapToLong(day -> damageOf(day).size())
                                            .sum());
        }
    }

    private List<String> damageOf(LocalDate day) {
        return run.damage().getOrDefault(day, List.of());
    }

    /**
     * Unless the route seems to be down, as it has taken nothing since, or several exchanges of a
     * window fail last: see ADR 8.
     */
    private void poisonStopsNoWindow() {
        if (run.waiting().stream()
                .map(it -> it.trouble().map(Verdict.Trouble::text))
                .noneMatch(this::isUndecided)) {
            assertThat(run.waiting()).as("windows that poison has brought to a stand").isEmpty();
        }
    }

    private boolean isUndecided(Optional<String> trouble) {
        Matcher left = LEFT_FAILED.matcher(trouble.orElse(""));
        return left.find()
                && (left.group(2) != null || Integer.parseInt(left.group(1)) > week.batchSize);
    }

    private void figuresAddUp() {
        List<Query> served =
                run.mixpanel().queries().stream().filter(query -> query.status() == 200).toList();
        Map<String, Set<String>> keys = new HashMap<>();
        for (Emitted one : run.route().emitted) {
            if (one.acknowledged != null) {
                keys.computeIfAbsent(
                                generation(one.window, one.generation), first -> new HashSet<>())
                        .add(one.key);
            }
        }
        for (WindowSummary summary : run.route().summaries) {
            assertThat(summary.compared().emitted() + summary.compared().duplicates())
                    .as("emitted and duplicates of %s", summary)
                    .isEqualTo(summary.download().events());
            if (!summary.days().isEmpty()) {
                assertThat(summary.days().stream().mapToLong(WindowSummary.Day::events).sum())
                        .as("events by day of %s", summary)
                        .isEqualTo(summary.download().events());
                assertThat(summary.days().stream().mapToLong(WindowSummary.Day::emitted).sum())
                        .as("emitted by day of %s", summary)
                        .isEqualTo(summary.compared().emitted());
            }
            assertThat(served)
                    .as("answers, for %s", summary)
                    .anyMatch(query -> isAnswerOf(query, summary));
            String generation = generation(summary.window(), summary.generation());
            int acknowledged = keys.getOrDefault(generation, Set.of()).size();
            if (week.tasks) {
                continue; // others have the events
            }
            if (run.losesBodies() || week.lifecycle) {
                // another body may lack what was acknowledged of the first
                assertThat(summary.compared().emitted())
                        .as("emitted, as %s says", summary)
                        .isLessThanOrEqualTo(acknowledged);
            } else {
                assertThat(summary.compared().emitted())
                        .as("emitted, as %s says", summary)
                        .isEqualTo(acknowledged);
            }
        }
    }

    /** Of the days alone, where a message does not say more. */
    private String generation(Window window, int generation) {
        Window shown = week.lifecycle ? new Window(window.fromDate(), window.toDate()) : window;
        return shown + " g" + generation;
    }

    private boolean isAnswerOf(Query query, WindowSummary summary) {
        return query.fromDate().equals(summary.window().fromDate())
                && query.toDate().equals(summary.window().toDate())
                && (query.where() != null) == (summary.window().arrivals() != null)
                && (week.wrongClock || !query.at().isBefore(summary.download().started()))
                && query.lines() == summary.download().events() + summary.download().badLines()
                && query.bytes() == summary.download().bytes();
    }

    private void tasksCountOnce() {
        Fetchers fetchers = run.fetchers();
        assertThat(fetchers.broken()).as("what fetchers met that never may happen").isNull();
        assertThat(fetchers.issued)
                .extracting(one -> one.task().id())
                .as("ids of tasks")
                .doesNotHaveDuplicates();
        Map<String, Instant> committed = new HashMap<>();
        for (Fetchers.Reported one : fetchers.reported) {
            if (one.forged() && one.result() != null) {
                assertThat(one.result()).as("%s", one).isEqualTo(TaskResult.IGNORED);
            }
            if (one.result() == TaskResult.COMMITTED) {
                assertThat(committed.put(generationOf(one.task()), one.at()))
                        .as("when it was committed before: %s", one)
                        .isNull();
            }
        }
        for (Fetchers.Issued one : fetchers.issued) {
            Instant over = committed.getOrDefault(generationOf(one.task()), Instant.MAX);
            assertThat(one.at())
                    .as("issued when it was committed: %s", one)
                    .isBeforeOrEqualTo(over);
        }
    }

    private String generationOf(ExportTask task) {
        return generation(task.window(), task.generation());
    }

    /** The last export of each day began when nothing of it was promised any more. */
    private void everyDayIsFinal() {
        assertThat(week.firstDay.datesUntil(week.lastDay().plusDays(1)))
                .as("days of which the route was told when they were final")
                .allSatisfy(
                        day ->
                                assertThat(run.route().summaries)
                                        .anyMatch(summary -> isFinal(day, summary)));
    }

    private boolean isFinal(LocalDate day, WindowSummary summary) {
        return summary.window().arrivals() == null
                && summary.window().days().anyMatch(day::equals)
                && !summary.download().started().isBefore(week.promisedUntil(day));
    }
}
