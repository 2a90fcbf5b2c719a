package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who takes part in the bench, with their commands. */
final class Contenders {

    static final String CONTROL = "curl";
    static final String CONTROL_AGAIN = "curl again";
    static final String CURL_FOUR = "curl four";
    static final String BARE = "bare";
    static final String BARE_FOUR = "bare four";
    static final String ONE = "one window";
    static final String FOUR = "four windows";
    static final String WITHOUT_DEDUPE = "without dedupe";
    static final String SMALL_HEAP = "small heap";
    static final String FILTER = "filter";
    static final String TODAY = "by hand";
    static final String JMX = "jmx";

    /** Those of the chart. */
    static final List<String> SHOWN =
            List.of(CONTROL, BARE, ONE, FOUR, WITHOUT_DEDUPE, FILTER, TODAY);

    private final Path folder;
    private final int port;
    private final Path javaArguments;

    Contenders(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.javaArguments = folder.resolve("java.arguments");
        Files.writeString(javaArguments, "-cp \"" + System.getProperty("java.class.path") + "\"\n");
    }

    List<Contender> of(PreparedDay one, List<PreparedDay> four) {
        return List.of(
                curl(CONTROL, List.of(one)),
                curl(CURL_FOUR, four),
                bare(BARE, "Camel alone, without a promise, one window", List.of(one)),
                bare(BARE_FOUR, "Camel alone, without a promise, four windows", four),
                ours(FOUR, "this component, four windows", four).build(),
                ours(ONE, "this component, one window", List.of(one)).build(),
                ours(WITHOUT_DEDUPE, "the same with deduplicate=false", List.of(one))
                        .options("deduplicate=false")
                        .build(),
                ours(SMALL_HEAP, "the same with -Xmx64m", List.of(one))
                        .jvm("-Xmx64m -XX:+UseSerialGC")
                        .seldom()
                        .build(),
                ours(FILTER, "this component, then filter by event name", List.of(one))
                        .route("filter")
                        .build(),
                new Contender(
                        TODAY,
                        "the route by hand: timer, http, split, unmarshal, filter",
                        java()
                                + "-XX:+ExitOnOutOfMemoryError "
                                + TodaysRoute.class.getName()
                                + String.format(" %d %s", port, one.day()),
                        one.events(),
                        Result.text(one.chosen(), one.chosenSum()),
                        false),
                ours(JMX, "this component, one window, JMX on", List.of(one))
                        .route(Ours.JMX)
                        .build(),
                curl(CONTROL_AGAIN, List.of(one)));
    }

    /** This component once, every byte of every body summed up: not for its time. */
    Contender proof(PreparedDay day) {
        return ours("proof of " + day.day(), "", List.of(day)).route("lines").build();
    }

    Contender curl(String name, List<PreparedDay> days) {
        StringBuilder command = new StringBuilder("curl -sSf --compressed");
        int events = 0;
        for (PreparedDay day : days) {
            command.append(
                    String.format(
                            " 'http://127.0.0.1:%d/api/2.0/export?from_date=%s&to_date=%2$s'",
                            port, day.day()));
            events += day.events();
        }
        command.append(" | wc -l");
        String what = "curl --compressed | wc -l" + (days.size() > 1 ? ", four windows" : "");
        return new Contender(name, what, command.toString(), events, String.valueOf(events), true);
    }

    private Contender bare(String name, String what, List<PreparedDay> days) {
        String command = java() + BareRoute.class.getName() + " " + port;
        for (PreparedDay day : days) {
            command += " " + day.day();
        }
        int events = days.stream().mapToInt(PreparedDay::events).sum();
        long lineSum = days.stream().mapToLong(PreparedDay::lineSum).sum();
        return new Contender(name, what, command, events, Result.text(events, lineSum), true);
    }

    OursBuilder ours(String name, String what, List<PreparedDay> days) {
        return new OursBuilder(name, what, java(), port, state(), days);
    }

    int port() {
        return port;
    }

    /** The state directory of the exports, to be deleted before each. */
    Path state() {
        return folder.resolve("state");
    }

    private String java() {
        return "'"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' '@"
                + javaArguments
                + "' ";
    }
}
