package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the route fails for good is told from a route that is down, in virtual time. */
class ParkedEventsTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-05";
    private static final Instant START = Instant.parse("2026-10-20T10:00:00Z");

    /** How often each line was handed out, and when. */
    private final Map<Long, List<Instant>> attempts = new ConcurrentHashMap<>();

    ParkedEventsTest() {
        super(START);
    }

    private String export(String... options) {
        List<String> all = new ArrayList<>(List.of("retryDelay=30000", "delay=1"));
        all.addAll(List.of(options));
        return uri(DAY, DAY, all.toArray(String[]::new));
    }

    /** Not by the ledger's file, which has it a moment before an operator can decide about it. */
    private boolean isParkedAsAWhole() {
        return consumer().export().parked().stream().anyMatch(ParkedWindow::whole);
    }

    private void route(String uri, LongPredicate fails) throws Exception {
        handle(uri, e -> take(e, fails));
    }

    private void take(Exchange exchange, LongPredicate fails) {
        long line = exchange.getMessage().getHeader(MixpanelExportConstants.LINE, Long.class);
        attempts.computeIfAbsent(line, it -> Collections.synchronizedList(new ArrayList<>()))
                .add(time.now());
        if (fails.test(line)) {
            throw new IllegalStateException("no");
        }
        received.add(Received.of(exchange));
    }

    /** The ledger has a commit a moment before the board knows. */
    private void awaitTrouble(String only) {
        await().untilAsserted(() -> assertThat(consumer().trouble()).containsExactly(only));
    }

    private boolean isCommitted() throws IOException {
        return ledger().contains("\"committed\"");
    }

    /** Polls come at once here, and end while the route stays down: nobody else moves the clock. */
    private void awaitCommitAcrossPolls() {
        await().until(
                        () -> {
                            time.advance(Duration.ofSeconds(10));
                            return isCommitted();
                        });
    }

    private Path parkedFile() {
        return exportFolder().resolve("parked/" + DAY + ".g1.tsv");
    }

    private List<String> parked() throws IOException {
        return Files.readAllLines(parkedFile()).stream()
                .map(line -> line.split("\t", 3)[2])
                .toList();
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void parksOnePoisonEventAmongTenThousandAlone() throws Exception {
        String[] lines = lines(DAY, 10_000);
        mixpanel.addEvents(lines);
        route(export(), line -> line == 4_711);
        context.start();
        await().until(this::isCommitted);

        assertThat(received).hasSize(9_999);
        assertThat(parked()).containsExactly(lines[4_710]);
        List<Instant> handOuts = attempts.get(4_711L);
        assertThat(
                        IntStream.range(1, handOuts.size())
                                .mapToObj(
                                        i ->
                                                Duration.between(
                                                                handOuts.get(i - 1),
                                                                handOuts.get(i))
                                                        .toSeconds()))
                .as("backs off")
                .containsExactly(30L, 60L, 120L, 240L, 300L);
        awaitTrouble("window 2026-10-05 (generation 1): 1 event is parked");
        assertThat(ledger()).contains("\"type\":\"parked\"", "\"events\":1,\"whole\":false");
        assertThat(Files.getPosixFilePermissions(parkedFile()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void parksNothingWhileTheRouteIsDownForAnHour() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        Instant up = START.plus(Duration.ofHours(1));
        route(export("maxInFlight=20"), line -> line > 500 && time.now().isBefore(up));
        context.start();
        awaitCommitAcrossPolls();

        assertThat(bodies()).containsExactly(lines);
        assertThat(parkedFile()).doesNotExist();
        assertThat(attempts.get(501L)).as("backs off to 5 minutes").hasSizeBetween(10, 18);
        assertThat(attempts.get(501L).get(attempts.get(501L).size() - 1))
                .isBetween(up, up.plus(Duration.ofMinutes(6)));
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETRY", "PARK"})
    void parksNothingWhileTheRouteComesAndGoes(String onFailure) throws Exception {
        String[] lines = lines(DAY, 200);
        mixpanel.addEvents(lines);
        route(
                export("onFailure=" + onFailure),
                // whenever it is tried again it takes one event more, and then is away
                line -> line >= 100 + handedOut(line) && handedOut(line) <= 25);
        context.start();
        awaitCommitAcrossPolls();

        assertThat(bodies()).containsExactlyInAnyOrder(lines);
        assertThat(attempts.get(200L)).hasSize(26);
        assertThat(parkedFile()).doesNotExist();
        await().until(() -> consumer().trouble().isEmpty());
    }

    @Test
    void parksNothingWhileTheRouteIsDownAgainAfterAMomentUp() throws Exception {
        String[] lines = lines(DAY, 200);
        mixpanel.addEvents(lines);
        route(
                export(),
                line -> line > 100 && handedOut(line) <= 15 && (line > 101 || handedOut(line) < 3));
        context.start();
        awaitCommitAcrossPolls();

        assertThat(bodies()).containsExactlyInAnyOrder(lines);
        assertThat(attempts.get(200L)).hasSize(16);
        assertThat(parkedFile()).doesNotExist();
    }

    private int handedOut(long line) {
        return attempts.get(line).size();
    }

    @Test
    void saysThatTheRouteIsDown() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        route(export("repeatCount=1"), line -> true);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(consumer().trouble())
                .containsExactly(
                        "window 2026-10-05: the route left 10 events failed and took no other"
                                + " since. They are emitted again; the log says why they"
                                + " failed.");
        assertThat(attempts.get(1L)).hasSize(6);
        assertThat(parkedFile()).doesNotExist();
    }

    @Test
    void parksTheWindowWhenMoreThanOnePercentOfItFails() throws Exception {
        mixpanel.addEvents(lines(DAY, 1_000)).addEvents(lines("2026-10-06", 10));
        String uri = export("toDate=2026-10-06");
        LongPredicate eleven = line -> line % 90 == 0;
        route(uri, eleven);
        context.start();
        await().until(this::isParkedAsAWhole);
        await().until(this::isCommitted); // the other window

        String parked = "window 2026-10-05 is parked: more than 1 % of its events fail";
        assertThat(consumer().trouble()).containsExactly(parked);
        assertThat(received).hasSize(1_000 - 11 + 10);
        assertThat(parkedFile()).doesNotExist();

        restart();
        attempts.clear();
        route(uri + "&repeatCount=1", eleven);
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(attempts).isEmpty();
        assertThat(consumer().trouble()).containsExactly(parked);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    /** The bound of the poll comes before the fifth event, so that nobody waits for the fourth. */
    @Test
    void parksNoWindowOfWhichTheRouteStillHasSome() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        AtomicReference<AsyncCallback> held = new AtomicReference<>();
        String uri = export("onFailure=PARK", "maxMessagesPerPoll=4", "maxInFlight=9");
        handle(
                uri,
                new AsyncProcessorSupport() {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback callback) {
                        if (exchange.getMessage().getHeader(MixpanelExportConstants.LINE).equals(4L)
                                && held.compareAndSet(null, callback)) {
                            return false;
                        }
                        try {
                            take(exchange, line -> line <= 2);
                        } catch (IllegalStateException e) {
                            exchange.setException(e);
                        }
                        callback.done(true);
                        return true;
                    }
                });
        context.start();
        await().until(() -> held.get() != null && consumer().isFirstPollDone());
        assertThat(ledger()).doesNotContain("\"whole\":true");

        held.get().done(false);
        await().until(this::isParkedAsAWhole);
        assertThat(attempts).as("which the route gave back as done").doesNotContainKey(4L);
    }

    @Test
    void parksExactlyOnePercent() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        route(export(), line -> line % 100 == 5);
        context.start();
        await().until(this::isCommitted);

        assertThat(parked()).hasSize(10);
        awaitTrouble("window 2026-10-05 (generation 1): 10 events are parked");
    }

    @Test
    void parksOnePoisonEventAloneHoweverFewEventsThereAre() throws Exception {
        String[] lines = lines(DAY, 5);
        mixpanel.addEvents(lines);
        route(export(), line -> line == 2);
        context.start();
        await().until(this::isCommitted);

        assertThat(parked()).containsExactly(lines[1]);
        assertThat(received).hasSize(4);
    }

    @Test
    void parksOnePoisonBatchAloneHoweverFewEventsThereAre() throws Exception {
        String[] lines = lines(DAY, 6);
        mixpanel.addEvents(lines);
        route(export("batchSize=2"), line -> line == 3);
        context.start();
        await().until(this::isCommitted);

        assertThat(parked()).containsExactly(lines[2], lines[3]);
    }

    @Test
    void isDoneWithWhatIsResumedWhenACrashLeftTheLedgerBehind() throws Exception {
        mixpanel.addEvents(lines(DAY, 1_000));
        route(export("onFailure=PARK"), line -> line == 5);
        context.start();
        await().until(this::isCommitted);
        awaitTrouble("window 2026-10-05 (generation 1): 1 event is parked");
        // every parked event was taken, its file is gone, and then the process was killed
        Files.delete(parkedFile());

        consumer().export().resume(Window.ofDay(LocalDate.parse(DAY)));
        await().until(() -> consumer().trouble().isEmpty());

        assertThat(received).hasSize(999);
    }

    @Test
    void parksAtOnceWhenToldTo() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        route(export("onFailure=PARK"), line -> line == 5);
        context.start();
        await().until(this::isCommitted);

        assertThat(attempts.get(5L)).hasSize(1);
        assertThat(parked()).containsExactly(lines[4]);
    }

    @Test
    void waitsForARouteThatIsDownWhenToldToParkToo() throws Exception {
        mixpanel.addEvents(lines(DAY, 1_000));
        Instant up = START.plus(Duration.ofHours(1));
        route(export("onFailure=PARK"), line -> time.now().isBefore(up));
        context.start();
        awaitCommitAcrossPolls();

        assertThat(received).hasSize(1_000);
        assertThat(parkedFile()).doesNotExist();
    }

    @Test
    void skipsWhenToldTo() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        ExceptionHandler handler =
                new ExceptionHandler() {
                    @Override
                    public void handleException(Throwable e) {
                        handleException(null, e);
                    }

                    @Override
                    public void handleException(String message, Throwable e) {
                        told.add(message + " " + e.getMessage());
                    }

                    @Override
                    public void handleException(String message, Exchange exchange, Throwable e) {
                        handleException(message, e);
                    }
                };
        context.getRegistry().bind("handler", handler);
        route(
                export("onFailure=SKIP", "exceptionHandler=#handler", "maxInFlight=20"),
                line -> line > 900);
        context.start();
        await().until(this::isCommitted);

        assertThat(told)
                .hasSize(100)
                .first()
                .asString()
                .startsWith("Window 2026-10-05, line 901: the route left this event failed")
                .endsWith(" no");
        assertThat(received).hasSize(900);
        assertThat(attempts).allSatisfy((line, times) -> assertThat(times).hasSize(1));
        assertThat(consumer().trouble()).isEmpty();
    }

    @Test
    void keepsWhatIsParkedOverARestartInMidWindow() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        route(
                export("onFailure=PARK", "maxMessagesPerPoll=100", "repeatCount=1"),
                line -> line == 5);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(parked()).containsExactly(lines[4]);
        restart();
        attempts.clear();
        route(export("onFailure=PARK"), line -> false);
        context.start();
        await().until(this::isCommitted);

        assertThat(attempts).doesNotContainKey(5L);
        assertThat(parked()).containsExactly(lines[4]);
        assertThat(received).hasSize(999);
        awaitTrouble("window 2026-10-05 (generation 1): 1 event is parked");
    }

    @Test
    void handsOutAgainWhatACrashLeftHalfParked() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        Files.createDirectories(parkedFile().getParent());
        Files.writeString(parkedFile(), "5\tabc"); // a line without its end
        route(export("onFailure=PARK"), line -> line == 7);
        context.start();
        await().until(this::isCommitted);

        assertThat(attempts.get(5L)).hasSize(1);
        assertThat(parked()).containsExactly(lines[6]);
        assertThat(received).hasSize(999);
    }

    @Test
    void doesNotBringWhatIsParkedAgainInALaterGeneration() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        route(
                export(
                        "onFailure=PARK",
                        "lateEvents=LOOKBACK",
                        "lookbackDays=20",
                        "fromDate=" + DAY),
                line -> line == 5);
        context.start();
        await().until(this::isCommitted);
        time.advance(Duration.ofHours(25));
        await().until(
                        () ->
                                ledger().contains(
                                                "\"committed\",\"from\":\"2026-10-05\",\"to\":\"2026-10-05\",\"generation\":2"));

        assertThat(attempts.get(5L)).hasSize(1);
        assertThat(received).hasSize(999);
        awaitTrouble("window 2026-10-05 (generation 1): 1 event is parked");
    }

    @Test
    void handsOutWhatIsParkedWhenResumed() throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        Set<Long> poison = ConcurrentHashMap.newKeySet();
        poison.addAll(Set.of(5L, 7L, 9L));
        route(export("onFailure=PARK"), poison::contains);
        context.start();
        await().until(this::isCommitted);
        assertThat(parked()).hasSize(3);

        poison.remove(5L);
        poison.remove(9L);
        assertThat(consumer().export().resume(Window.ofDay(LocalDate.parse(DAY))))
                .containsExactly(Window.ofDay(LocalDate.parse(DAY)));
        await().until(() -> received.size() == 999 && parked().size() == 1);

        assertThat(parked()).containsExactly(lines[6]);
        await().until(() -> consumer().trouble().get(0).endsWith("1 event is parked"));
        assertThat(received.get(998).headers())
                .containsEntry(MixpanelExportConstants.LINE, 9L)
                .containsEntry(MixpanelExportConstants.GENERATION, 1)
                .containsEntry(MixpanelExportConstants.FROM_DATE, DAY)
                .containsKey(MixpanelExportConstants.DEDUPE_KEY);

        poison.clear();
        consumer().export().resume(Window.ofDay(LocalDate.parse(DAY)));
        await().until(() -> consumer().trouble().isEmpty());

        assertThat(new HashSet<>(bodies())).isEqualTo(Set.of(lines));
        assertThat(received).hasSize(1_000);
        assertThat(parkedFile()).doesNotExist();
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void givesUpWhatIsParkedWhenDropped() throws Exception {
        mixpanel.addEvents(lines(DAY, 1_000));
        String uri = export("onFailure=PARK");
        route(uri, line -> line == 5);
        context.start();
        await().until(this::isCommitted);
        consumer().export().drop(Window.ofDay(LocalDate.parse(DAY)));
        await().until(() -> consumer().trouble().isEmpty());

        assertThat(parkedFile()).doesNotExist();
        restart();
        route(uri, line -> false);
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(received).hasSize(999);
        assertThat(consumer().trouble()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnWithAParkedWindowWhenResumed(boolean afterRestart) throws Exception {
        String[] lines = lines(DAY, 1_000);
        mixpanel.addEvents(lines);
        Set<Long> poison = ConcurrentHashMap.newKeySet();
        poison.addAll(LongStream.rangeClosed(100, 110).boxed().toList());
        route(export(), poison::contains);
        context.start();
        await().until(this::isParkedAsAWhole);
        if (afterRestart) {
            restart();
            route(export(), poison::contains);
            context.start();
            await().until(() -> consumer().isFirstPollDone());
        }

        poison.clear();
        poison.add(104L);
        consumer().export().resume(Window.ofDay(LocalDate.parse(DAY)));
        await().until(this::isCommitted);

        assertThat(received).hasSize(999);
        assertThat(parked()).containsExactly(lines[103]);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void stopsNoWindowOfWhichOneExchangeIsInFlight() throws Exception {
        mixpanel.addEvents(lines(DAY, 300));
        route(export("maxInFlight=1"), line -> line == 5 || line == 6 || line == 7);
        context.start();
        await().until(
                        () -> {
                            time.advance(Duration.ofMinutes(1)); // no poll waits for so many passes
                            return isCommitted();
                        });

        assertThat(received).hasSize(297);
        assertThat(parked()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commitsAParkedWindowAsItIsWhenDropped(boolean afterRestart) throws Exception {
        mixpanel.addEvents(lines(DAY, 1_000));
        route(export(), line -> line < 100);
        context.start();
        await().until(this::isParkedAsAWhole);
        if (afterRestart) {
            restart();
            route(export(), line -> false);
            context.start();
            await().until(() -> consumer().isFirstPollDone());
        }
        consumer().export().drop(Window.ofDay(LocalDate.parse(DAY)));
        await().until(this::isCommitted);

        assertThat(received).hasSize(901);
        await().until(() -> consumer().trouble().isEmpty());
        assertThat(mixpanel.queries()).hasSize(1);
    }
}
