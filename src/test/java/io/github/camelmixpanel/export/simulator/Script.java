package io.github.camelmixpanel.export.simulator;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The answers still to be given, in order; those for a first day go before those for any. */
final class Script {

    private final Deque<Plan> forAny = new ArrayDeque<>();
    private final Map<LocalDate, Deque<Plan>> byFromDate = new HashMap<>();

    synchronized void add(List<Answer> answers) {
        answers.forEach(answer -> forAny.add(answer.plan()));
    }

    synchronized void add(LocalDate fromDate, List<Answer> answers) {
        Deque<Plan> plans = byFromDate.computeIfAbsent(fromDate, day -> new ArrayDeque<>());
        answers.forEach(answer -> plans.add(answer.plan()));
    }

    /** Takes the answer for a query; normal service when none is left. */
    synchronized Plan next(LocalDate fromDate) {
        Deque<Plan> plans = byFromDate.getOrDefault(fromDate, forAny);
        Plan plan = plans.isEmpty() ? forAny.poll() : plans.poll();
        return plan == null ? Plan.NORMAL : plan;
    }

    synchronized void clear() {
        forAny.clear();
        byFromDate.clear();
    }
}
