package com.example;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.PollingConsumerPollStrategy;

/** Ends the program when one poll is over: one poll is one whole export. */
final class OnePoll implements PollingConsumerPollStrategy {

    private final Runnable over;
    private volatile String failure = "The export was interrupted";

    OnePoll(Runnable over) {
        this.over = over;
    }

    /** Why something is left undone, or null. */
    String failure() {
        return failure;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return true;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        HealthCheck.Result health = ((HealthCheckAware) consumer).getHealthCheck().call();
        boolean down = health.getState() == HealthCheck.State.DOWN;
        failure = down ? health.getMessage().orElse("The health check is DOWN") : null;
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
