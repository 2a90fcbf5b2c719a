package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who takes part in the bench, with their commands. */
final class Contenders {

    static final String CONTROL = "curl";
    static final String CONTROL_AGAIN = "curl again";
    static final String CURL_FOUR = "curl four";
    static final String ONE = "one window";
    static final String FOUR = "four windows";
    static final String WITHOUT_DEDUPE = "without dedupe";
    static final String SMALL_HEAP = "small heap";
    static final String FILTER = "filter";
    static final String TODAY = "by hand";
    static final String SERVED = "nobody looking";
    static final String WATCHED = "watched";

    private static final String THIS = "io.github.camelmixpanel.export.bench.";

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
        PreparedDay first = four.get(0);
        PreparedDay last = four.get(four.size() - 1);
        int fourEvents = four.stream().mapToInt(PreparedDay::events).sum();
        long fourSum = four.stream().mapToLong(PreparedDay::headerSum).sum();
        String all = Result.text(one.events(), one.headerSum());
        String chosen = Result.text(one.chosen(), one.chosenSum());
        List<Contender> list = new ArrayList<>();
        list.add(curl(CONTROL, List.of(one)));
        list.add(curl(CURL_FOUR, four));
        list.add(
                new Contender(
                        FOUR,
                        "this component, four windows",
                        ours("", first, last, "headers", ""),
                        fourEvents,
                        Result.text(fourEvents, fourSum),
                        true));
        list.add(ours(ONE, "this component, one window", "", one, "headers", "", all, true));
        list.add(
                ours(
                        WITHOUT_DEDUPE,
                        "the same with deduplicate=false",
                        "",
                        one,
                        "headers",
                        "deduplicate=false",
                        all,
                        true));
        list.add(
                ours(
                        SMALL_HEAP,
                        "the same with -Xmx64m",
                        "-Xmx64m -XX:+UseSerialGC",
                        one,
                        "headers",
                        "",
                        all,
                        false));
        list.add(
                ours(
                        FILTER,
                        "this component, then filter by event name",
                        "",
                        one,
                        "filter",
                        "",
                        chosen,
                        true));
        list.add(
                new Contender(
                        TODAY,
                        "the route by hand: timer, http, split, unmarshal, filter",
                        java("-XX:+ExitOnOutOfMemoryError")
                                + THIS
                                + "TodaysRoute "
                                + port
                                + " "
                                + one.day(),
                        one.events(),
                        chosen,
                        false));
        list.add(
                ours(
                        SERVED,
                        "one window, JMX and status page on, nobody looking",
                        "",
                        one,
                        "served",
                        "",
                        all,
                        true));
        list.add(
                ours(
                        WATCHED,
                        "the same, looked at every 2 s by JMX, meters and status page",
                        "",
                        one,
                        "watched",
                        "",
                        all,
                        true));
        list.add(curl(CONTROL_AGAIN, List.of(one)));
        return list;
    }

    /** This component once, every byte of every body summed up: not for its time. */
    Contender proof(PreparedDay day) {
        return ours(
                "proof of " + day.day(),
                "",
                "",
                day,
                "lines",
                "",
                Result.text(day.events(), day.lineSum()),
                true);
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

    Contender ours(
            String name,
            String what,
            String jvm,
            PreparedDay day,
            String route,
            String options,
            String expected,
            boolean everyRound) {
        return new Contender(
                name,
                what,
                ours(jvm, day, day, route, options),
                day.events(),
                expected,
                everyRound);
    }

    /** The state directory of the exports, to be deleted before each. */
    Path state() {
        return folder.resolve("state");
    }

    private String ours(
            String jvm, PreparedDay first, PreparedDay last, String route, String options) {
        return java(jvm)
                + THIS
                + String.format(
                        "Ours %d %s %s '%s' %s '%s'",
                        port, first.day(), last.day(), state().toAbsolutePath(), route, options);
    }

    private String java(String jvm) {
        return "'"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' "
                + jvm
                + " '@"
                + javaArguments
                + "' ";
    }
}
