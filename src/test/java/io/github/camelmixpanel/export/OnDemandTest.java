package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.QuotaExhaustedException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.exchange.ExportedEvents;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One window on demand, through a route that splits it. */
class OnDemandTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final String NEXT = "2026-10-06";

    /** Files of windows on demand while the route has their events. */
    private final List<String> filesMeanwhile = Collections.synchronizedList(new ArrayList<>());

    private void route(String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again")
                                .to(uri)
                                .split(body())
                                .streaming()
                                .stopOnException()
                                .process(e -> filesMeanwhile.addAll(files()))
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
    }

    private String onDemand(String... options) {
        return uri("", "", options).replace("fromDate=&toDate=&", "");
    }

    private Exchange ask(Object from, Object to) {
        return ask(
                message -> {
                    message.setHeader(MixpanelExportConstants.FROM_DATE, from);
                    message.setHeader(MixpanelExportConstants.TO_DATE, to);
                });
    }

    private Exchange ask(java.util.function.Consumer<Message> fill) {
        return context.createProducerTemplate()
                .send("direct:again", exchange -> fill.accept(exchange.getMessage()));
    }

    private List<String> files() throws IOException {
        Path folder = state().resolve("exports/test/on-demand");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> summary(Exchange exchange) {
        return exchange.getMessage().getHeader(MixpanelExportConstants.SUMMARY, Map.class);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void givesTheEventsOfTheWindowAndDeletesThemWhenTheExchangeIsDone() throws Exception {
        mixpanel.addEvents(lines(DAY, 30)).addEvents(lines(NEXT, 20));
        mixpanel.addEvents(lines("2026-10-07", 5));
        route(onDemand());

        Exchange done = ask(DAY, NEXT);

        assertThat(done.getException()).isNull();
        assertThat(bodies())
                .containsExactly(
                        Stream.concat(Stream.of(lines(DAY, 30)), Stream.of(lines(NEXT, 20)))
                                .toArray(String[]::new));
        assertThat(received.get(49).header(MixpanelExportConstants.FROM_DATE)).isEqualTo(DAY);
        assertThat(received.get(49).header(MixpanelExportConstants.TO_DATE)).isEqualTo(NEXT);
        assertThat(summary(done))
                .containsEntry("from", DAY)
                .containsEntry("to", NEXT)
                .containsEntry("events", 50L)
                .containsEntry("emitted", 50L)
                .containsEntry("duplicates", 0L)
                .containsEntry("badLines", 0L)
                .containsEntry("queries", 1)
                .containsKeys("bytes", "started", "took");
        assertThat(filesMeanwhile).containsOnly(DAY + ".." + NEXT + ".g1.gz");
        assertThat(files()).isEmpty();
        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(state().resolve("exports/test/ledger.jsonl")).doesNotExist();
    }

    @Test
    void takesLocalDatesAndWhereThereIsNoHeaderTheOptions() throws Exception {
        route(uri("P2D", "2026-10-06", "timeZone=UTC").replace("fromDate=P2D", "fromDate=" + DAY));

        ask(LocalDate.parse("2026-10-04"), null);
        ask(message -> {});

        assertThat(mixpanel.queries())
                .extracting(query -> query.fromDate() + ".." + query.toDate())
                .containsExactly("2026-10-04..2026-10-06", "2026-10-05..2026-10-06");
    }

    @Test
    void countsAPeriodBackFromTheDayOfTheMessage() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        route(uri("P3D", "2026-10-06").replace("&toDate=2026-10-06", ""));

        Exchange done = ask(null, today.toString());

        assertThat(done.getException()).isNull();
        assertThat(mixpanel.queries().get(0).fromDate())
                .isBetween(today.minusDays(3), today.minusDays(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            -          | 2026-10-05 | Header CamelMixpanelExportFromDate is missing
            2026-10-05 | -          | Header CamelMixpanelExportToDate is missing
            2026-10-06 | 2026-10-05 | The requested window begins on 2026-10-06, after its end on 2026-10-05
            yesterday  | 2026-10-05 | Header CamelMixpanelExportFromDate is 'yesterday'; allowed is a date
            2026-02-30 | 2026-10-05 | Header CamelMixpanelExportFromDate is '2026-02-30'; allowed is a date
            2026-10-05 | 2999-01-01 | The requested window ends on 2999-01-01, after today
            """)
    void refusesWhatIsNoWindow(String from, String to, String message) throws Exception {
        route(onDemand());

        Exchange done = ask(from, to);

        assertThat(done.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
        assertThat(mixpanel.queries()).isEmpty();
    }

    @Test
    void showsOfAWrongHeaderNoMoreThanFitsOnALine() throws Exception {
        route(onDemand());

        assertThat(ask("2026-10-05\n&project_id=8" + "x".repeat(100), DAY).getException())
                .hasMessageStartingWith(
                        "Header CamelMixpanelExportFromDate is '2026-10-05?&project_id=8xxxxxxxxxxxxxxxx';");
        assertThat(ask(5, DAY).getException()).hasMessageContaining("is 'java.lang.Integer'");
    }

    @Test
    void takesNothingButTheDaysFromAMessage() throws Exception {
        route(onDemand("events=view", "restoreHotShards=false"));

        Exchange done =
                ask(
                        message -> {
                            message.setHeader(MixpanelExportConstants.FROM_DATE, DAY);
                            message.setHeader(MixpanelExportConstants.TO_DATE, DAY);
                            message.setHeader(Exchange.HTTP_URI, "http://evil.example/");
                            message.setHeader(Exchange.HTTP_BASE_URI, "http://evil.example/");
                            message.setHeader(Exchange.HTTP_PATH, "/steal");
                            message.setHeader(Exchange.HTTP_QUERY, "project_id=8&where=true");
                            message.setHeader(Exchange.HTTP_RAW_QUERY, "project_id=8");
                            message.setHeader(Exchange.HTTP_METHOD, "POST");
                            message.setHeader("CamelRestHttpUri", "http://evil.example/");
                            message.setHeader("Authorization", "Basic ZXZpbDpldmls");
                            message.setHeader("Host", "evil.example");
                            message.setHeader("X-Evil", "yes");
                            message.setHeader("CamelMixpanelExportProjectId", "8");
                            message.setHeader("CamelMixpanelExportWhere", "true");
                            message.setBody("evil");
                        });

        assertThat(done.getException()).isNull();
        Query query = mixpanel.queries().get(0);
        assertThat(query.parameters())
                .containsOnlyKeys("from_date", "to_date", "project_id", "event")
                .containsEntry("project_id", "7")
                .containsEntry("event", "[\"view\"]");
        assertThat(query.headers())
                .doesNotContainKey("x-evil")
                .containsEntry("authorization", "Basic accepted")
                .containsEntry("host", mixpanel.baseUrl().substring("http://".length()));
    }

    @Test
    void leavesOutWhatTheDownloadHasTwiceUnlessTold() throws Exception {
        mixpanel.addEvents(lines(DAY, 10)).addEvents(lines(DAY, 4));
        route(onDemand());

        Exchange done = ask(DAY, DAY);

        assertThat(bodies()).containsExactly(lines(DAY, 10));
        assertThat(summary(done)).containsEntry("events", 14L).containsEntry("duplicates", 4L);
        restart();
        received.clear();
        route(onDemand("deduplicate=false"));
        assertThat(summary(ask(DAY, DAY))).containsEntry("duplicates", 0L);
        assertThat(received).hasSize(14);
    }

    @Test
    void givesTheSameWindowAsOftenAsItIsAskedFor() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        route(onDemand());

        ask(DAY, DAY);
        ask(DAY, DAY);

        assertThat(received).hasSize(20);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void asksAgainForABodyThatIsNotWholeAndEmitsNothingOfIt() throws Exception {
        mixpanel.addEvents(lines(DAY, 300));
        mixpanel.answer(
                Answer.gzipCut(0.7),
                Answer.terminatedEarly("terminated early", false, true),
                Answer.gzipWrongCrc());
        route(onDemand());

        Exchange done = ask(DAY, DAY);

        assertThat(bodies()).containsExactly(lines(DAY, 300));
        assertThat(summary(done)).containsEntry("queries", 4);
        assertThat(filesMeanwhile).containsOnly(DAY + ".g1.gz");
    }

    @Test
    void waitsForTheEndOfAnotherQueryNoLongerThanOnDemandTimeout() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        mixpanel.answer(Answer.blockUntil(answer));
        route(onDemand("maxConcurrentQueries=1", "maxConcurrentWindows=1", "onDemandTimeout=200"));
        CompletableFuture<Exchange> first =
                CompletableFuture.supplyAsync(
                        () -> ask(DAY, DAY), command -> new Thread(command).start());
        await().until(() -> mixpanel.queries().size() == 1);

        assertThat(ask(NEXT, NEXT).getException())
                .isInstanceOf(QuotaExhaustedException.class)
                .hasMessageContaining("1 of 1 queries under way. There is room when another query");
        answer.countDown();
        assertThat(Patiently.get(first).getException()).isNull();
    }

    @Test
    void failsWhenItsRetriesAreUsedUp() throws Exception {
        Answer[] busy = new Answer[3];
        java.util.Arrays.fill(busy, Answer.status(503, "text/plain", "busy", Map.of()));
        mixpanel.answer(busy);
        route(onDemand("maxRetries=2"));

        assertThat(ask(DAY, DAY).getException())
                .isInstanceOf(TransientExportException.class)
                .hasMessage(
                        "Window 2026-10-05: Mixpanel answered 503 \"busy\". The same query may succeed later.");
        assertThat(mixpanel.queries()).hasSize(3);
        assertThat(files()).isEmpty();
    }

    @Test
    void countsNoQueryOfWhichNothingWasSent() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        route(onDemand("queriesPerHour=1", "maxRetries=2", "baseUrl=http://127.0.0.1:" + closed));

        assertThat(ask(DAY, DAY).getException())
                .as("three tries in one hour")
                .isInstanceOf(UnreachableException.class);
    }

    @Test
    void asksNothingMoreForAnHourWhenTheCredentialsAreRefused() throws Exception {
        mixpanel.refuseCredentials();
        route(onDemand());

        assertThat(ask(DAY, DAY).getException()).isInstanceOf(CredentialsException.class);
        assertThat(ask(DAY, DAY).getException())
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("Mixpanel refused the credentials of the project");
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void setsBadLinesAsideAndCountsThem() throws Exception {
        String[] lines = lines(DAY, 200);
        lines[100] = "no event";
        mixpanel.addDay(LocalDate.parse(DAY), String.join("\n", lines).getBytes());
        route(onDemand());

        Exchange first = ask(DAY, DAY);
        restart();
        route(onDemand());
        ask(DAY, DAY);

        assertThat(summary(first)).containsEntry("events", 199L).containsEntry("badLines", 1L);
        assertThat(received).hasSize(2 * 199);
        Path quarantine = state().resolve("exports/test/on-demand/quarantine");
        assertThat(quarantine.resolve(DAY + ".g1.jsonl")).hasContent("no event");
        assertThat(quarantine.resolve(DAY + ".g2.jsonl")).hasContent("no event");
    }

    @Test
    void failsWhenTheSpoolHasNoRoom() throws Exception {
        mixpanel.addEvents(lines(DAY, 20_000));
        route(onDemand("maxSpoolSize=8KB"));

        assertThat(ask(DAY, DAY).getException())
                .isInstanceOf(SpoolException.class)
                .hasMessageStartingWith("Window 2026-10-05: no room left for its body")
                .hasMessageContaining("maxSpoolSize=8192");
        assertThat(files()).isEmpty();
        assertThat(mixpanel.queries()).as("asking again would not help").hasSize(1);
    }

    @Test
    void deletesTheEventsWhenTheRouteStopsSplittingEarly() throws Exception {
        mixpanel.addEvents(lines(DAY, 500));
        List<Object> reply = new ArrayList<>();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again")
                                .to(onDemand())
                                .process(e -> reply.add(e.getMessage().getBody()))
                                .split(body())
                                .streaming()
                                .stopOnException()
                                .process(
                                        e -> {
                                            received.add(Received.of(e));
                                            if (received.size() == 10) {
                                                throw new IOException("no more");
                                            }
                                        });
                    }
                });
        context.start();

        Exchange done = ask(DAY, DAY);

        assertThat(done.getException()).hasRootCauseMessage("no more");
        assertThat(received).hasSize(10);
        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> ((ExportedEvents) reply.get(0)).iterator())
                .hasMessageContaining("its events were deleted")
                .hasCauseInstanceOf(SpoolException.class);
    }

    @Test
    void canBeReadTwiceBeforeTheSplit() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        List<String> looked = new ArrayList<>();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again")
                                .to(onDemand())
                                .process(
                                        e -> {
                                            for (MixpanelEvent event :
                                                    e.getMessage().getBody(ExportedEvents.class)) {
                                                looked.add(event.toString());
                                            }
                                        })
                                .split(body())
                                .streaming()
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();

        ask(DAY, DAY);

        assertThat(looked).containsExactly(lines(DAY, 5));
        assertThat(bodies()).containsExactly(lines(DAY, 5));
    }

    @Test
    void splitsIntoEventsThatConvertLikeThoseOfTheConsumer() throws Exception {
        mixpanel.addEvents(lines(DAY, 1));
        List<Object> forms = new ArrayList<>();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again")
                                .to(onDemand())
                                .split(body())
                                .streaming()
                                .setProperty("n", simple("${body.properties[n]}"))
                                .process(
                                        e -> {
                                            forms.add(e.getProperty("n"));
                                            forms.add(e.getMessage().getBody(byte[].class));
                                            forms.add(e.getMessage().getBody(JsonNode.class));
                                        })
                                .setBody(jsonpath("$.properties.n"))
                                .process(e -> forms.add(e.getMessage().getBody()));
                    }
                });
        context.start();

        ask(DAY, DAY);

        assertThat(forms).hasSize(4);
        assertThat(String.valueOf(forms.get(0))).isEqualTo("0");
        assertThat(new String((byte[]) forms.get(1))).isEqualTo(lines(DAY, 1)[0]);
        assertThat(((JsonNode) forms.get(2)).at("/properties/n").intValue()).isZero();
        assertThat(forms.get(3)).isEqualTo(0);
    }

    @Test
    void deletesAtTheStartWhatACrashLeft() throws Exception {
        Path folder = Files.createDirectories(state().resolve("exports/test/on-demand"));
        Files.writeString(folder.resolve("2026-10-01.g3.gz"), "left");
        Files.writeString(folder.resolve("2026-10-02.g4.part"), "left");
        Files.writeString(folder.resolve("sort-1.tmp"), "left");

        route(onDemand());

        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queriesPerHour=30", "stateDirectory=elsewhere"})
    void isHeldToTheSharedStateOfTheProject(String other) throws Exception {
        collect(uri(DAY, DAY));
        String option = other.replace("elsewhere", temp.resolve("elsewhere").toString());

        assertThatThrownBy(() -> route(onDemand(option).replace("export:test", "export:other")))
                .hasStackTraceContaining("must be the same");
    }

    @Test
    void refusesAnotherOpinionOfTheSizeOfTheSpool() throws Exception {
        route(onDemand());

        assertThatThrownBy(
                        () ->
                                context.addRoutes(
                                        new RouteBuilder() {
                                            @Override
                                            public void configure() {
                                                from("direct:b").to(onDemand("maxSpoolSize=1GB"));
                                            }
                                        }))
                .rootCause()
                .hasMessageContaining("share one spool, so their maxSpoolSize must be the same");
    }

    @Test
    void leavesTheConsumerOfTheNameAlone() throws Exception {
        mixpanel.addEvents(lines(DAY, 50));
        List<Received> asked = Collections.synchronizedList(new ArrayList<>());
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again")
                                .to(onDemand())
                                .split(body())
                                .streaming()
                                .process(e -> asked.add(Received.of(e)));
                    }
                });
        context.start();
        ask(DAY, DAY);
        collect(uri(DAY, DAY, "repeatCount=1"));
        await().until(() -> consumer().isFirstPollDone());
        ask(DAY, DAY);

        assertThat(bodies()).containsExactly(lines(DAY, 50));
        assertThat(asked).hasSize(100);
        assertThat(mixpanel.queries()).hasSize(3);
    }

    @Test
    void givesTheStateDirectoryUpWhenItIsStopped() throws Exception {
        route(onDemand());
        assertThat(state().resolve("lock.owner")).exists();

        context.stop();

        assertThat(state().resolve("lock.owner")).doesNotExist();
    }
}
