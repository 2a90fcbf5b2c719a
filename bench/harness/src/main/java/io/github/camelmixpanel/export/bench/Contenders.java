package io.github.camelmixpanel.export.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Makes those who take part, as whole processes or as warm ones. */
final class Contenders implements AutoCloseable {

    static final String CONTROL = "curl";
    static final String CONTROL_AGAIN = "curl again";

    private static final String DAY_URL =
            "'http://127.0.0.1:%d/api/2.0/export?from_date=%s&to_date=%2$s'";

    private final Path folder;
    private final int port;
    private final Stopwatch stopwatch;
    private final List<WarmProcess> warm = new ArrayList<>();

    /**
     * @param folder for their files
     * @param port of the server
     */
    Contenders(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.stopwatch = new Stopwatch(folder);
    }

    Stopwatch stopwatch() {
        return stopwatch;
    }

    int port() {
        return port;
    }

    Contender curl(String name, PreparedDay day) {
        String command =
                "curl -sSf --compressed " + DAY_URL.formatted(port, day.day()) + " | wc -l";
        return whole(name, "curl --compressed | wc -l", day.events(), "" + day.events(), command);
    }

    /** Camel alone, which promises nothing. */
    Contender bare(String name, Jvm jvm, PreparedDay day, int warmUp) {
        return warm(
                name,
                name + ", without a promise",
                day.events(),
                Result.text(day.events(), day.lineSum()),
                jvm.with(Turns.OPTION)
                        .command(BareRoute.class, List.of("" + port, day.day().toString())),
                warmUp);
    }

    /** The route that a Camel user writes without this component. */
    Contender byHand(String name, Jvm jvm, PreparedDay day) {
        return whole(
                name,
                name + ": timer, http, split, unmarshal, filter",
                day.events(),
                Result.text(day.chosen(), day.chosenSum()),
                quoted(
                        jvm.with("-XX:+ExitOnOutOfMemoryError")
                                .command(
                                        TodaysRoute.class,
                                        List.of("" + port, day.day().toString()))));
    }

    /**
     * This component, from the start of a JVM to its end.
     *
     * @param route see {@link Ours}
     */
    Contender ours(String name, Jvm jvm, String route, String options, PreparedDay day) {
        List<PreparedDay> days = List.of(day);
        return whole(
                name,
                name,
                day.events(),
                expected(route, days),
                quoted(oursCommand(name, jvm, route, options, days)));
    }

    /** This component in a JVM that is warm. */
    Contender oursWarm(
            String name,
            Jvm jvm,
            String route,
            String options,
            List<PreparedDay> days,
            int warmUp) {
        return warm(
                name,
                name,
                (int) sum(days, PreparedDay::events),
                expected(route, days),
                oursCommand(name, jvm.with(Turns.OPTION), route, options, days),
                warmUp);
    }

    /**
     * @param command for bash
     */
    Contender whole(String name, String what, int events, String expected, String command) {
        return new Contender(name, what, events, expected, () -> stopwatch.measure(name, command));
    }

    private Contender warm(
            String name,
            String what,
            int events,
            String expected,
            List<String> command,
            int warmUp) {
        WarmProcess process = new WarmProcess(command, stopwatch.log(name), warmUp);
        warm.add(process);
        return new Contender(name, what, events, expected, process);
    }

    private List<String> oursCommand(
            String name, Jvm jvm, String route, String options, List<PreparedDay> days) {
        Path state = folder.resolve("state").resolve(name.replaceAll("\\W+", "-"));
        return jvm.command(
                Ours.class,
                List.of(
                        "" + port,
                        days.get(0).day().toString(),
                        days.get(days.size() - 1).day().toString(),
                        "" + days.size(),
                        state.toAbsolutePath().toString(),
                        route,
                        options));
    }

    private static String expected(String route, List<PreparedDay> days) {
        return switch (route) {
            case "lines" ->
                    Result.text(sum(days, PreparedDay::events), sum(days, PreparedDay::lineSum));
            case "filter" ->
                    Result.text(sum(days, PreparedDay::chosen), sum(days, PreparedDay::chosenSum));
            default ->
                    Result.text(sum(days, PreparedDay::events), sum(days, PreparedDay::headerSum));
        };
    }

    private static long sum(List<PreparedDay> days, ToLongFunction<PreparedDay> of) {
        return days.stream().mapToLong(of).sum();
    }

    private static String quoted(List<String> command) {
        return command.stream().map(it -> "'" + it + "'").collect(Collectors.joining(" "));
    }

    /** Ends those that are warm. */
    @Override
    public void close() {
        warm.forEach(WarmProcess::close);
        warm.clear();
    }
}
