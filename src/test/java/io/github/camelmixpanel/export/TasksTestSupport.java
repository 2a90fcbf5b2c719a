package io.github.camelmixpanel.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** A planner that issues windows as tasks, producers that export them, and outcomes that return. */
abstract class TasksTestSupport extends VirtualTimeTestSupport {

    static final Instant START = Instant.parse("2026-10-20T12:00:00Z");
    static final String DAY = "2026-10-05";
    static final String NEXT = "2026-10-06";
    static final String LAST = "2026-10-07";
    static final ObjectMapper JSON = new ObjectMapper();

    /** The tasks that left, in order. */
    final List<String> tasks = Collections.synchronizedList(new ArrayList<>());

    /** What became of them, as their fetchers said. */
    final List<String> outcomes = Collections.synchronizedList(new ArrayList<>());

    /** What operation=COMPLETE answered, in order. */
    final List<String> results = Collections.synchronizedList(new ArrayList<>());

    TasksTestSupport() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    String planner(String... options) {
        return uri(
                DAY,
                LAST,
                Stream.concat(
                                Stream.of(
                                        "emit=WINDOWS",
                                        "queriesPerSecond=3",
                                        "delay=1",
                                        "repeatCount=0"),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    String producer() {
        return uri("", "", "queriesPerSecond=3").replace("fromDate=&toDate=&", "");
    }

    static Answer status(int code) {
        return Answer.status(code, "text/plain", "no", Map.of());
    }

    /** Plans, and keeps the tasks. */
    void plan(String... options) throws Exception {
        String from = planner(options);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(from)
                                .routeId("export")
                                .choice()
                                .when(header(MixpanelExportConstants.WINDOW_COMPLETE))
                                .process(e -> received.add(Received.of(e)))
                                .otherwise()
                                .process(e -> tasks.add(e.getMessage().getBody(String.class)))
                                .to("direct:tasks");
                    }
                });
    }

    /** Does what a task says, and says what became of it. */
    void fetch() throws Exception {
        String export = producer();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:fetch")
                                .doTry()
                                .to(export + "&operation=TASK")
                                .split(body())
                                .streaming()
                                .stopOnException()
                                .process(e -> received.add(Received.of(e)))
                                .to("direct:event")
                                .end()
                                .setBody(header(MixpanelExportConstants.OUTCOME))
                                .endDoTry()
                                .doCatch(Exception.class)
                                .setBody(header(MixpanelExportConstants.FAILURE))
                                .end();
                        from("direct:complete")
                                .to(export + "&operation=COMPLETE")
                                .process(e -> results.add(e.getMessage().getBody(String.class)));
                    }
                });
    }

    void route(String from, org.apache.camel.Processor then, String... to) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(from).routeId(from).process(then).to(to);
                    }
                });
    }

    /** All of it in one route. */
    void start(String... options) throws Exception {
        startWith(List.of("direct:fetch", "direct:complete"), options);
    }

    /** Tasks lie about until somebody takes them. */
    void startWithoutFetchers(String... options) throws Exception {
        startWith(List.of(), options);
    }

    /** The same, and the time stands still from the first task on. */
    void startHeld(String... options) throws Exception {
        plan(options);
        fetch();
        route("direct:event", e -> {});
        route("direct:tasks", e -> time.hold());
        context.start();
    }

    /** Tasks are carried out, and their outcomes lie about. */
    void startWithoutResults(String... options) throws Exception {
        route("direct:hold", e -> outcomes.add(e.getMessage().getBody(String.class)));
        startWith(List.of("direct:fetch", "direct:hold"), options);
    }

    /**
     * @param steps what each task goes through
     */
    void startWith(List<String> steps, String... options) throws Exception {
        plan(options);
        fetch();
        route("direct:event", e -> {});
        route("direct:tasks", e -> {}, steps.toArray(String[]::new));
        context.start();
    }

    String taskOf(String day) {
        return tasks.stream().filter(it -> it.contains(day)).findFirst().orElseThrow();
    }

    /** What a fetcher sends to the results topic. */
    Exchange carryOut(String task) {
        return context.createProducerTemplate()
                .send("direct:fetch", e -> e.getMessage().setBody(task));
    }

    Exchange complete(Object outcome) {
        return context.createProducerTemplate()
                .send("direct:complete", e -> e.getMessage().setBody(outcome));
    }

    static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }

    void awaitCommits(int count) {
        await().until(
                        () ->
                                List.copyOf(results).stream().filter("COMMITTED"::equals).count()
                                        >= count);
    }

    String[] all() {
        return Stream.of(lines(DAY, 20), lines(NEXT, 30), lines(LAST, 10))
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }
}
