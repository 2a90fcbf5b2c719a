package io.github.camelmixpanel.export.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;

/** A contender that is {@link Ours}. */
final class OursBuilder {

    private final String name;
    private final String what;
    private final int port;
    private final Path state;
    private final List<PreparedDay> days;
    private String java;
    private String before = "";
    private String firstDay;
    private String route = "headers";
    private String options = "";
    private boolean everyRound = true;

    /**
     * @param java the command that starts a JVM with its class path
     * @param days in a row, each a window to be committed
     */
    OursBuilder(
            String name, String what, String java, int port, Path state, List<PreparedDay> days) {
        this.name = name;
        this.what = what;
        this.java = java;
        this.port = port;
        this.state = state.toAbsolutePath();
        this.days = days;
        this.firstDay = days.get(0).day().toString();
    }

    OursBuilder jvm(String arguments) {
        java += arguments + " ";
        return this;
    }

    /** See {@link Ours}. */
    OursBuilder route(String name) {
        route = name;
        return this;
    }

    /** More options of the endpoint, as in its URI. */
    OursBuilder options(String more) {
        options = more;
        return this;
    }

    /** In each second round only. */
    OursBuilder seldom() {
        everyRound = false;
        return this;
    }

    /**
     * Goes on with the state directory of an earlier export, which has all days from this one up to
     * the first of these.
     */
    OursBuilder after(Path earlier, String earliestDay) {
        before = "cp -r '" + earlier.toAbsolutePath() + "' '" + state + "' && ";
        firstDay = earliestDay;
        return this;
    }

    Contender build() {
        PreparedDay last = days.get(days.size() - 1);
        String command =
                before
                        + java
                        + String.format(
                                "%s %d %s %s %d '%s' %s '%s'",
                                Ours.class.getName(),
                                port,
                                firstDay,
                                last.day(),
                                days.size(),
                                state,
                                route,
                                options);
        int events = (int) sum(PreparedDay::events);
        return new Contender(name, what, command, events, expected(), everyRound);
    }

    private String expected() {
        return switch (route) {
            case "lines" -> Result.text(sum(PreparedDay::events), sum(PreparedDay::lineSum));
            case "filter" -> Result.text(sum(PreparedDay::chosen), sum(PreparedDay::chosenSum));
            default -> Result.text(sum(PreparedDay::events), sum(PreparedDay::headerSum));
        };
    }

    private long sum(ToLongFunction<PreparedDay> of) {
        return days.stream().mapToLong(of).sum();
    }
}
