package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that the route never takes when it has nothing else to take, in virtual time. */
class LastPoisonTest extends VirtualTimeTestSupport {

    private static final Instant START = Instant.parse("2026-10-20T10:00:00Z");
    private static final String DAY = "2026-10-05";
    private static final String NEXT = "2026-10-06";
    private static final int EVENTS = 1_000;

    /** How often each event was emitted. */
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

    LastPoisonTest() {
        super(START);
    }

    private void start(Predicate<String> fails, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("retryDelay=30000", "delay=1"));
        all.addAll(List.of(options));
        handle(
                uri(DAY, NEXT, all.toArray(String[]::new)),
                e -> {
                    String id =
                            e.getMessage()
                                    .getHeader(MixpanelExportConstants.INSERT_ID, String.class);
                    attempts.merge(id, 1, Integer::sum);
                    if (fails.test(id)) {
                        throw new IllegalStateException("no");
                    }
                    received.add(Received.of(e));
                });
        context.start();
    }

    private void addEvents() {
        mixpanel.addEvents(lines(DAY, EVENTS)).addEvents(lines(NEXT, EVENTS));
    }

    private static String event(String day, int index) {
        return day + "-" + index;
    }

    private void awaitCommits(int count) {
        awaitCommits(count, Duration.ofMinutes(1));
    }

    private void awaitCommits(int count, Duration step) {
        await().until(
                        () -> {
                            time.advance(step);
                            return ledger().lines()
                                            .filter(it -> it.contains("\"type\":\"committed\""))
                                            .count()
                                    == count;
                        });
    }

    private String parked(String day) throws IOException {
        return Files.readString(exportFolder().resolve("parked/" + day + ".g1.tsv"));
    }

    @ParameterizedTest
    @CsvSource({"RETRY, 6", "PARK, 1"})
    void isParkedWithinItsTriesInEachWindow(String onFailure, int tries) throws Exception {
        addEvents();
        Set<String> poison = Set.of(event(DAY, EVENTS - 1), event(NEXT, EVENTS - 1));

        start(poison::contains, "onFailure=" + onFailure);
        awaitCommits(2);

        assertThat(parked(DAY)).hasLineCount(1).contains(event(DAY, EVENTS - 1));
        assertThat(parked(NEXT)).hasLineCount(1).contains(event(NEXT, EVENTS - 1));
        assertThat(poison).allSatisfy(it -> assertThat(attempts.get(it)).isEqualTo(tries));
        assertThat(received).hasSize(2 * EVENTS - 2);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, EVENTS - 1})
    void isParkedAfterARestartToo(int index) throws Exception {
        addEvents();
        Set<String> poison = Set.of(event(DAY, index), event(NEXT, EVENTS - 1));
        start(
                it -> {
                    time.hold(); // no second try before the restart
                    return poison.contains(it);
                });
        await().until(() -> received.size() == 2 * EVENTS - 2 && consumer().trouble().size() == 2);
        assertThat(attempts.keySet()).containsAll(poison);
        restart();
        time.letGo();

        start(poison::contains);
        awaitCommits(2);

        assertThat(poison).allSatisfy(it -> assertThat(attempts.get(it)).isEqualTo(6));
        assertThat(parked(DAY)).hasLineCount(1).contains(event(DAY, index));
        assertThat(received).hasSize(2 * EVENTS - 2);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"RETRY, 2, 6", "RETRY, 3, 6", "PARK, 2, 1", "PARK, 3, 1"})
    void areParkedWithinTheirTriesOverRestarts(String onFailure, int events, int tries)
            throws Exception {
        addEvents();
        Set<String> poison =
                Stream.of(10, 500, EVENTS - 2)
                        .limit(events)
                        .map(index -> event(DAY, index))
                        .collect(Collectors.toSet());
        for (int run = 1; run <= 3; run++) {
            int tried = Math.min(run, tries);
            start(
                    it -> {
                        time.hold(); // one try in each run
                        return poison.contains(it);
                    },
                    "onFailure=" + onFailure);
            await().until(
                            () ->
                                    received.size() == 2 * EVENTS - events
                                            && !consumer().trouble().isEmpty());
            assertThat(poison).allSatisfy(it -> assertThat(attempts.get(it)).isEqualTo(tried));
            restart();
        }
        time.letGo();

        start(poison::contains, "onFailure=" + onFailure);
        awaitCommits(2);

        assertThat(poison).allSatisfy(it -> assertThat(attempts.get(it)).isEqualTo(tries));
        assertThat(parked(DAY)).hasLineCount(events);
        assertThat(received).hasSize(2 * EVENTS - events);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    /** Whatever comes last. */
    private boolean isAmongTheLast(int count) {
        return received.size() >= 2 * EVENTS - count;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETRY", "PARK"})
    void areNoneWhenTheRouteIsDownOverRestarts(String onFailure) throws Exception {
        addEvents();
        String[] options = {"onFailure=" + onFailure, "windowDays=2"};
        for (int run = 1; run <= 3; run++) {
            start(it -> isAmongTheLast(2), options);
            int least = 6 * run;
            await().until(
                            () -> {
                                time.advance(Duration.ofMinutes(1));
                                return attempts.values().stream().filter(it -> it >= least).count()
                                        == 2;
                            });
            restart();
        }

        start(it -> false, options);
        awaitCommits(1);

        assertThat(received).hasSize(2 * EVENTS);
        assertThat(exportFolder().resolve("parked")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETRY", "PARK"})
    void areParkedAfterADayWhenNothingElseIsTaken(String onFailure) throws Exception {
        addEvents();

        start(it -> isAmongTheLast(2), "onFailure=" + onFailure, "windowDays=2");
        awaitCommits(1, Duration.ofMinutes(15));

        assertThat(parked(DAY + ".." + NEXT)).hasLineCount(2);
        assertThat(received).hasSize(2 * EVENTS - 2);
        assertThat(time.now()).isAfter(START.plus(Duration.ofHours(24)));
    }

    @Test
    void isNoneWhenTheRouteIsDownFromTheLastEventOnForLessThanAnHour() throws Exception {
        addEvents();
        Instant up = START.plus(Duration.ofMinutes(55));

        start(it -> isAmongTheLast(1) && time.now().isBefore(up), "windowDays=2");
        awaitCommits(1, Duration.ZERO);

        assertThat(received).hasSize(2 * EVENTS);
        assertThat(exportFolder().resolve("parked")).doesNotExist();
    }

    /** Two that fail at the end are enough to tell. */
    @ParameterizedTest
    @ValueSource(strings = {"RETRY", "PARK"})
    void areNoneWhenTheRouteIsDownForAnHour(String onFailure) throws Exception {
        addEvents();
        Instant up = START.plus(Duration.ofHours(1));
        Set<String> last = Set.of(event(NEXT, EVENTS - 2), event(NEXT, EVENTS - 1));

        AtomicBoolean down = new AtomicBoolean();

        start(
                it -> {
                    down.compareAndSet(false, last.contains(it));
                    return down.get() && time.now().isBefore(up);
                },
                "onFailure=" + onFailure);
        awaitCommits(2);

        assertThat(received).hasSize(2 * EVENTS);
        assertThat(exportFolder().resolve("parked")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETRY", "PARK"})
    void areNoneWhenTheRouteComesBackInTheMiddleOfAPass(String onFailure) throws Exception {
        addEvents();
        AtomicInteger tries = new AtomicInteger();

        start(it -> tries.incrementAndGet() <= 155, "onFailure=" + onFailure);
        awaitCommits(2);

        assertThat(received).hasSize(2 * EVENTS);
        assertThat(exportFolder().resolve("parked")).doesNotExist();
    }

    @Test
    void isGivenUpAtOnceWhileItWaits() throws Exception {
        addEvents();
        String poison = event(DAY, 500);
        start(
                it -> {
                    time.hold();
                    return it.equals(poison);
                });
        await().until(() -> received.size() == 2 * EVENTS - 1 && !consumer().trouble().isEmpty());

        assertThat(consumer().dropParked(DAY, NEXT)).containsExactly(DAY);

        await().until(() -> consumer().trouble().isEmpty());
        await().untilAsserted(
                        () ->
                                assertThat(
                                                ledger().lines()
                                                        .filter(it -> it.contains("\"committed\"")))
                                        .hasSize(2));
        assertThat(attempts.get(poison)).isEqualTo(2);
        assertThat(exportFolder().resolve("parked")).doesNotExist();
    }
}
