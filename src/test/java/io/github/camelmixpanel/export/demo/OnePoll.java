package io.github.camelmixpanel.export.demo;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.ScheduledPollConsumer;

/**
 * Learns when a poll of a context's polling consumer is over, and whether it left anything undone.
 * Thread-safe.
 */
final class OnePoll extends LifecycleStrategySupport implements PollingConsumerPollStrategy {

    private final Runnable over;
    private volatile String failure = "it was interrupted.";

    /**
     * @param over called by the polling thread
     */
    OnePoll(Runnable over) {
        this.over = over;
    }

    /** Why something is left undone, or null when all is done. */
    String failure() {
        return failure;
    }

    @Override
    public void onServiceAdd(CamelContext context, Service service, Route route) {
        if (service instanceof ScheduledPollConsumer consumer) {
            consumer.setPollStrategy(this);
        }
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return true;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        HealthCheck.Result health = ((HealthCheckAware) consumer).getHealthCheck().call();
        boolean down = health.getState() == HealthCheck.State.DOWN;
        failure = down ? health.getMessage().orElse("its health check is DOWN.") : null;
        over.run();
    }

    @Override
    public boolean rollback(
            Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        failure = cause.getMessage();
        over.run();
        return false;
    }
}
