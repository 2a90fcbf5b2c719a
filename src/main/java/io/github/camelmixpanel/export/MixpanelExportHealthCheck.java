package io.github.camelmixpanel.export;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.support.ScheduledPollConsumerHealthCheck;

/**
 * DOWN, with the reason, while an export is held up: refused credentials, windows whose queries
 * fail, events that the route leaves failed. Otherwise what Camel says of any polling consumer.
 */
final class MixpanelExportHealthCheck extends ScheduledPollConsumerHealthCheck {

    private static final int MOST_REASONS = 5;

    private final MixpanelExportConsumer consumer;

    MixpanelExportHealthCheck(MixpanelExportConsumer consumer) {
        super(consumer, "consumer:" + consumer.getRouteId());
        this.consumer = consumer;
        // a poll may last for hours, and the first may be far away
        setInitialState(State.UP);
    }

    @Override
    public Result call(Map<String, Object> options) {
        Result polls = super.call(options);
        List<String> trouble = consumer.trouble();
        if (!isEnabled() || trouble.isEmpty()) {
            return polls;
        }
        HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        builder.details(polls.getDetails());
        builder.message(
                String.join("; ", trouble.subList(0, Math.min(MOST_REASONS, trouble.size())))
                        + (trouble.size() > MOST_REASONS
                                ? "; and " + (trouble.size() - MOST_REASONS) + " windows more"
                                : ""));
        polls.getError().ifPresent(builder::error);
        return builder.down().build();
    }
}
