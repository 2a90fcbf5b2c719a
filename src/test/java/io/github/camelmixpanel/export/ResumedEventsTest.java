package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parked events on their way to the route once more, in virtual time. */
class ResumedEventsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";

    /** Parked first: one of a hundred, so that the window does not park as a whole. */
    private static final List<Integer> POISON =
            IntStream.range(0, 10).mapToObj(i -> 100 * i + 7).toList();

    private final Set<Integer> poison = ConcurrentHashMap.newKeySet();

    /** What was handed out since it was resumed. */
    private final List<Integer> handedOut = Collections.synchronizedList(new ArrayList<>());

    /** How many events the parked file has at each of them. */
    private final List<Integer> parkedThen = Collections.synchronizedList(new ArrayList<>());

    private Duration work = Duration.ZERO;
    private boolean asksAgain;
    private volatile boolean resumed;

    ResumedEventsTest() {
        super(Instant.parse("2026-10-20T10:00:00Z"));
    }

    @BeforeEach
    void makeSomeFail() {
        poison.addAll(POISON);
        mixpanel.addEvents(lines(DAY, 1_000));
    }

    private void park(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("onFailure=PARK", "delay=1"));
        all.addAll(List.of(options));
        handle(uri(DAY, DAY, all.toArray(String[]::new)), this::take);
        context.start();
        await().until(() -> ledger().contains("\"type\":\"committed\""));
        await().until(() -> consumer().trouble().toString().contains("10 events are parked"));
    }

    private void take(Exchange exchange) throws Exception {
        int number =
                exchange.getMessage().getHeader(MixpanelExportConstants.LINE, Integer.class) - 1;
        if (resumed) {
            handedOut.add(number);
            parkedThen.add(parked());
            time.advance(work);
        }
        if (asksAgain && handedOut.size() == 2) {
            asksAgain = false;
            poison.clear();
            resume();
            throw new IllegalStateException("the last one");
        }
        if (poison.contains(number)) {
            throw new IllegalStateException("poison");
        }
        received.add(Received.of(exchange));
    }

    private void resume() {
        resumed = true;
        assertThat(consumer().resumeParked(DAY, DAY)).containsExactly(DAY);
    }

    private int parked() throws IOException {
        Path file = exportFolder().resolve("parked/" + DAY + ".g1.tsv");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private void awaitNothingParked() {
        await().until(() -> consumer().trouble().isEmpty());
    }

    /** So that a crash repeats no more than that. */
    @Test
    void areParkedNoMoreASecondAfterTheRouteTookThem() throws Exception {
        park();
        poison.clear();
        work = Duration.ofMillis(400);

        resume();
        awaitNothingParked();

        assertThat(handedOut).isEqualTo(POISON);
        assertThat(parkedThen).containsExactly(10, 10, 10, 7, 7, 7, 4, 4, 4, 1);
        assertThat(received).hasSize(1_000);
    }

    @Test
    void thatAreRefusedOnceMoreAreTriedOnceAndStayWhereTheyAre() throws Exception {
        park();
        poison.retainAll(Set.of(107, 407));
        work = Duration.ofMillis(400);

        resume();
        await().until(() -> consumer().trouble().toString().contains("2 events are parked"));

        assertThat(handedOut).isEqualTo(POISON);
        assertThat(parkedThen).containsExactly(10, 10, 10, 8, 8, 8, 6, 6, 6, 3);
        poison.clear();
        resume();
        awaitNothingParked();
        assertThat(handedOut.subList(10, handedOut.size())).containsExactly(107, 407);
        assertThat(received).hasSize(1_000);
    }

    /** More of them are refused than a poll may hand out. */
    @Test
    void goOnInTheNextPollWhereThisOneEnded() throws Exception {
        park("maxMessagesPerPoll=2");
        poison.removeAll(POISON.subList(5, 10));

        resume();
        await().until(() -> consumer().trouble().toString().contains("5 events are parked"));

        assertThat(handedOut).isEqualTo(POISON);
        assertThat(received).hasSize(995);
    }

    @Test
    void areTriedFromTheFirstOnWhenSomebodyAsksAgainMeanwhile() throws Exception {
        park("maxMessagesPerPoll=2");
        asksAgain = true;

        resume();
        awaitNothingParked();

        assertThat(handedOut.subList(0, 2)).isEqualTo(POISON.subList(0, 2));
        assertThat(handedOut.subList(2, handedOut.size())).isEqualTo(POISON);
        assertThat(received).hasSize(1_000);
    }
}
