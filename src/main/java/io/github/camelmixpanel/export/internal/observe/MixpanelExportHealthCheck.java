package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollConsumerHealthCheck;

/**
 * DOWN exactly while the verdict on the export is NEEDS_YOU, with each cause; a standby is UP and
 * names the holder of the state. Otherwise the result of Camel's check of a polling consumer; a
 * pause appears with its reason and its end, and days with more bad lines than a window may have at
 * its first answer.
 */
public final class MixpanelExportHealthCheck extends ScheduledPollConsumerHealthCheck {

    private static final int MOST_REASONS = 5;

    private final Supplier<Optional<String>> standby;
    private final Supplier<Optional<ExportSnapshot>> state;

    /**
     * @param standby the holder of the state that a standby waits for; empty when it is none
     * @param state of the export; empty as long as it was never started
     */
    public MixpanelExportHealthCheck(
            ScheduledPollConsumer consumer,
            Supplier<Optional<String>> standby,
            Supplier<Optional<ExportSnapshot>> state) {
        super(consumer, "consumer:" + consumer.getRouteId());
        this.standby = standby;
        this.state = state;
        // a poll may last for hours, and the first may be far away
        setInitialState(State.UP);
    }

    @Override
    public Result call(Map<String, Object> options) {
        Result polls = super.call(options);
        Optional<ExportSnapshot> snapshot = state.get();
        if (!isEnabled() || snapshot.isEmpty()) {
            return polls;
        }
        Verdict verdict = snapshot.get().verdict();
        HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        builder.details(polls.getDetails());
        details(builder, snapshot.get());
        standby.get().ifPresent(it -> builder.detail("mixpanel.standby", it));
        polls.getError().ifPresent(builder::error);
        if (verdict.state() == Verdict.State.NEEDS_YOU) {
            return builder.message(
                            joined(verdict.troubles().stream().map(Trouble::summary).toList()))
                    .down()
                    .build();
        }
        if (verdict.state() == Verdict.State.STANDBY) {
            return builder.up().build();
        }
        polls.getMessage()
                .or(() -> pause(snapshot.get()))
                .or(() -> badLines(snapshot.get()))
                .ifPresent(builder::message);
        return builder.state(polls.getState()).build();
    }

    private static Optional<String> pause(ExportSnapshot snapshot) {
        return snapshot.quota()
                .pause()
                .map(reason -> reason + ": no query until " + snapshot.quota().nextStart());
    }

    private static Optional<String> badLines(ExportSnapshot snapshot) {
        List<String> days =
                snapshot.work().days().stream()
                        .filter(
                                day ->
                                        day.lastCommit().badLines() * 100
                                                > day.lastCommit().badLines()
                                                        + day.lastCommit().windowEvents())
                        .map(
                                day ->
                                        "Window %s: %d bad lines beside %d events"
                                                .formatted(
                                                        day.window(),
                                                        day.lastCommit().badLines(),
                                                        day.lastCommit().windowEvents()))
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

    private static void details(HealthCheckResultBuilder builder, ExportSnapshot snapshot) {
        builder.detail("mixpanel.export", snapshot.export());
        Verdict verdict = snapshot.verdict();
        builder.detail("mixpanel.verdict", verdict.state().name());
        builder.detail("mixpanel.verdict.text", verdict.text());
        builder.detail("mixpanel.activity", snapshot.activity().name());
        builder.detail("mixpanel.windows.due", snapshot.work().windows().size());
        builder.detail("mixpanel.windows.committed", snapshot.counts().toRoute().windows());
        builder.detail("mixpanel.quota.free", snapshot.quota().free());
        builder.detail("mixpanel.query.next", snapshot.quota().nextStart().toString());
        pause(snapshot).ifPresent(pause -> builder.detail("mixpanel.pause", pause));
        builder.detail("mixpanel.lag.seconds", snapshot.pace().lag().toSeconds());
        badLines(snapshot).ifPresent(days -> builder.detail("mixpanel.bad.lines", days));
    }
}
