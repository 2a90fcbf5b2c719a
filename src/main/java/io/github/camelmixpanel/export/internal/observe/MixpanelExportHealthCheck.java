package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollConsumerHealthCheck;

/**
 * DOWN, with the reason, while an export is blocked or needs an operator: rejected credentials,
 * windows whose queries fail, events that the route leaves failed, parked events, exchanges that
 * the route holds, a wrong {@code timeZone}, 429s that pause the project for over an hour, a lost
 * lease, a state whose opening takes too long. Any other standby is UP and names the holder of the
 * state. Otherwise the result of Camel's check of a polling consumer; a shorter pause appears with
 * its reason and its end, and days with more bad lines than a window may have at its first answer.
 */
public final class MixpanelExportHealthCheck extends ScheduledPollConsumerHealthCheck {

    private static final int MOST_REASONS = 5;

    private final Supplier<Optional<String>> standby;
    private final Supplier<Optional<String>> opening;
    private final Supplier<Optional<ExportSnapshot>> state;

    /**
     * @param standby the holder of the state that a standby waits for; empty when it is none
     * @param opening what is wrong with an attempt to open the state; empty when nothing is
     * @param state of the export; empty as long as it was never started
     */
    public MixpanelExportHealthCheck(
            ScheduledPollConsumer consumer,
            Supplier<Optional<String>> standby,
            Supplier<Optional<String>> opening,
            Supplier<Optional<ExportSnapshot>> state) {
        super(consumer, "consumer:" + consumer.getRouteId());
        this.standby = standby;
        this.opening = opening;
        this.state = state;
        // a poll may last for hours, and the first may be far away
        setInitialState(State.UP);
    }

    @Override
    public Result call(Map<String, Object> options) {
        Result polls = super.call(options);
        Optional<String> holder = standby.get();
        Optional<String> stuck = opening.get();
        if (isEnabled() && (holder.isPresent() || stuck.isPresent())) {
            HealthCheckResultBuilder waits =
                    HealthCheckResultBuilder.on(this).details(polls.getDetails());
            holder.ifPresent(it -> waits.detail("mixpanel.standby", it));
            stuck.ifPresent(waits::message);
            return waits.state(stuck.isPresent() ? State.DOWN : State.UP).build();
        }
        Optional<ExportSnapshot> snapshot = state.get();
        if (!isEnabled() || snapshot.isEmpty()) {
            return polls;
        }
        HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        builder.details(polls.getDetails());
        details(snapshot.get()).forEach(builder::detail);
        List<String> trouble = snapshot.get().troubles();
        if (trouble.isEmpty()) {
            polls.getMessage()
                    .or(() -> pause(snapshot.get()))
                    .or(() -> badLines(snapshot.get()))
                    .ifPresent(builder::message);
            polls.getError().ifPresent(builder::error);
            return builder.state(polls.getState()).build();
        }
        builder.message(joined(trouble));
        polls.getError().ifPresent(builder::error);
        return builder.down().build();
    }

    private static Optional<String> pause(ExportSnapshot snapshot) {
        return snapshot.quota()
                .pause()
                .map(reason -> reason + ": no query until " + snapshot.quota().nextStart());
    }

    private static Optional<String> badLines(ExportSnapshot snapshot) {
        List<String> days =
                snapshot.days().stream()
                        .filter(day -> day.badLines() * 100 > day.badLines() + day.windowEvents())
                        .map(
                                day ->
                                        "Window %s: %d bad lines beside %d events"
                                                .formatted(
                                                        day.window(),
                                                        day.badLines(),
                                                        day.windowEvents()))
                        .distinct()
                        .toList();
        return days.isEmpty()
                ? Optional.empty()
                : Optional.of(joined(days) + ". The bad lines are in the quarantine folder.");
    }

    private static String joined(List<String> reasons) {
        return String.join("; ", reasons.subList(0, Math.min(MOST_REASONS, reasons.size())))
                + (reasons.size() > MOST_REASONS
                        ? "; and " + (reasons.size() - MOST_REASONS) + " more"
                        : "");
    }

    private static Map<String, Object> details(ExportSnapshot snapshot) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("mixpanel.export", snapshot.export());
        details.put("mixpanel.activity", snapshot.activity().name());
        details.put("mixpanel.windows.due", snapshot.windows().size());
        details.put("mixpanel.windows.committed", snapshot.counts().windows());
        details.put("mixpanel.quota.free", snapshot.quota().free());
        details.put("mixpanel.query.next", snapshot.quota().nextStart().toString());
        pause(snapshot).ifPresent(pause -> details.put("mixpanel.pause", pause));
        details.put("mixpanel.lag.seconds", snapshot.lag().toSeconds());
        badLines(snapshot).ifPresent(days -> details.put("mixpanel.bad.lines", days));
        return details;
    }
}
