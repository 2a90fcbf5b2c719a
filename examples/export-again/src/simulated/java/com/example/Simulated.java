package com.example;

import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeCompletedEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.ScheduledPollConsumer;

/**
 * Three days from a simulated Mixpanel, then, on request, some of them again: ends when a request
 * was accepted and the polls after it have done what it says.
 */
public final class Simulated {

    private static final long LOOK_EVERY_MILLIS = 50;

    /** The poll that is on its way when a request is accepted, and a whole one. */
    private static final int POLLS = 2;

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            run();
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    private static void run() throws Exception {
        SimulatedAccount.standIn();
        System.setProperty("mixpanel.delay", "1s");
        Main main = new Main();
        Accepted accepted = new Accepted();
        main.bind("accepted", accepted);
        main.start();
        accepted.once.await();
        ScheduledPollConsumer shop =
                (ScheduledPollConsumer) main.getCamelContext().getRoute("shop").getConsumer();
        long done = shop.getCounter() + POLLS;
        while (shop.getCounter() < done) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        main.stop();
    }

    /** Sees each answer to a request; those that are refused have a code. */
    private static final class Accepted extends EventNotifierSupport {

        private final CountDownLatch once = new CountDownLatch(1);

        @Override
        public boolean isEnabled(CamelEvent event) {
            return event instanceof ExchangeCompletedEvent completed
                    && completed
                            .getExchange()
                            .getFromEndpoint()
                            .getEndpointUri()
                            .startsWith("platform-http:");
        }

        @Override
        public void notify(CamelEvent event) {
            var answer = ((ExchangeCompletedEvent) event).getExchange().getMessage();
            if (answer.getHeader("CamelHttpResponseCode") == null) {
                once.countDown();
            }
        }
    }
}
