package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.HeldWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parked events that the route still has when the poll that resumed them ends. */
class HeldParkedEventsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";

    /** One of a hundred, so that the window does not park as a whole. */
    private static final Set<Integer> POISON = Set.of(7, 107, 207, 307);

    private final List<AsyncCallback> held = new CopyOnWriteArrayList<>();
    private final List<Integer> resumed = new CopyOnWriteArrayList<>();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private volatile boolean isParked;
    private volatile boolean holds;
    private final AtomicInteger polls = new AtomicInteger();
    private HeldWatch watch;

    HeldParkedEventsTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    private final class Route extends AsyncProcessorSupport {

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            int line = exchange.getMessage().getHeader(MixpanelExportConstants.LINE, Integer.class);
            if (!isParked && POISON.contains(line)) {
                exchange.setException(new IllegalStateException("poison"));
            } else if (isParked) {
                resumed.add(line);
                exchanges.add(exchange);
                if (holds) {
                    held.add(callback);
                    return false;
                }
            }
            callback.done(true);
            return true;
        }
    }

    /** Four events are parked, resumed, and with the route; the poll is over. */
    @BeforeEach
    void suspendWhileTheRouteHasThem() throws Exception {
        watch = HeldWatch.of(context);
        context.getRegistry()
                .bind(
                        "polls",
                        new DefaultPollingConsumerPollStrategy() {
                            @Override
                            public boolean begin(Consumer consumer, Endpoint endpoint) {
                                polls.incrementAndGet();
                                return true;
                            }
                        });
        mixpanel.addEvents(lines(DAY, 400));
        handle(uri(DAY, DAY, "onFailure=PARK", "delay=1", "pollStrategy=#polls"), new Route());
        context.start();
        await().until(() -> consumer().trouble().toString().contains("4 events are parked"));
        isParked = true;
        holds = true;
        assertThat(consumer().resumeParked(DAY, DAY)).containsExactly(DAY);
        await().until(() -> held.size() == 4);
        suspend();
    }

    private void suspend() {
        consumer().suspend();
        await().until(() -> !consumer().isPolling());
    }

    private void answer(int... which) {
        IntStream.of(which).forEach(it -> held.get(it).done(false));
    }

    @Test
    void areParkedNoMoreASecondAfterTheRouteTookThem() throws Exception {
        answer(0, 1, 3);
        assertThat(parked()).isEqualTo(4);
        watch.second();
        assertThat(parked()).as("the third may come again, and what was behind it").isEqualTo(2);
        assertThat(ledger()).contains("\"events\":2");
        answer(2);
        watch.second();
        assertThat(parked()).isZero();

        resumeConsumer();

        assertThat(resumed).as("none came again").hasSize(4);
    }

    @Test
    void stayParkedWhereTheRouteFailsThem() throws Exception {
        answer(0);
        watch.second();
        exchanges.get(2).setException(new IllegalStateException("not yet"));
        answer(2, 1, 3);
        watch.second();
        assertThat(parked()).isEqualTo(1);
        holds = false;

        consumer().resume();
        consumer().resumeParked(DAY, DAY);
        await().until(() -> consumer().trouble().isEmpty());

        assertThat(resumed).hasSize(5).endsWith(resumed.get(2));
    }

    @Test
    void areNotRepeatedThoughTheyAreResumedOnceMoreMeanwhile() throws Exception {
        consumer().resumeParked(DAY, DAY);
        int before = polls.get();
        consumer().resume();
        await().until(() -> polls.get() > before + 2);
        answer(0, 1, 2, 3);

        await().until(() -> consumer().trouble().isEmpty());

        assertThat(resumed).hasSize(4);
    }

    @Test
    void areGoneOnceTheyWereDroppedWhateverTheRouteAnswers() throws Exception {
        consumer().dropParked(DAY, DAY);
        answer(0, 1);
        consumer().resume();
        exchanges.get(3).setException(new IllegalStateException("not yet"));
        answer(2, 3);

        await().until(() -> consumer().trouble().isEmpty());
        watch.second();

        assertThat(parked()).isZero();
        assertThat(consumer().trouble()).isEmpty();
        assertThat(resumed).hasSize(4);
    }

    @Test
    void areParkedNoMoreAfterAnOrderlyStop() throws Exception {
        answer(0, 1, 2, 3);
        context.stop();

        assertThat(parked()).isZero();
    }

    private void resumeConsumer() {
        holds = false;
        consumer().resume();
        await().until(() -> consumer().trouble().isEmpty());
    }

    private int parked() throws IOException {
        Path file = exportFolder().resolve("parked/" + DAY + ".g1.tsv");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }
}
