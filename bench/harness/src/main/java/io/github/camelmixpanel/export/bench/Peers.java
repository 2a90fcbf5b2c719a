package io.github.camelmixpanel.export.bench;

import static io.github.camelmixpanel.export.bench.Figure.Of.CPU;
import static io.github.camelmixpanel.export.bench.Figure.Of.MEMORY;
import static io.github.camelmixpanel.export.bench.Figure.Of.WALL;
import static io.github.camelmixpanel.export.bench.Figure.atLeast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Other programs that export events, where they are installed: see {@code bench/peers}. None of
 * them has a quota, a verified download, deduplication or a ledger.
 */
final class Peers {

    private static final String LIST = "mixpanel-utils";
    private static final String TAP = "tap-mixpanel";
    private static final String OURS = "ours, same window";
    private static final int SAMPLE = 1_000;

    static final List<Figure> FIGURES =
            List.of(
                    atLeast(LIST + " ÷ ours", LIST, OURS, WALL, 3, 5),
                    atLeast(LIST + " ÷ ours", LIST, OURS, CPU, 0, 0),
                    atLeast(LIST + " ÷ ours", LIST, OURS, MEMORY, 20, 25),
                    atLeast(TAP + " ÷ ours", TAP, OURS, WALL, 25, 60),
                    atLeast(TAP + " ÷ ours", TAP, OURS, CPU, 0, 0));

    private final Contenders contenders;
    private final Stopwatch stopwatch;
    private final Path python;
    private final Path folder;
    private final int port;

    /**
     * @param folder of the bench, where they are installed
     */
    Peers(Contenders contenders, Stopwatch stopwatch, Path folder) {
        this.contenders = contenders;
        this.stopwatch = stopwatch;
        this.python = folder.resolve("peers/bin/python");
        this.folder = folder;
        this.port = contenders.port();
    }

    /** Those that are installed here. */
    List<String> installed() throws InterruptedException {
        List<String> found = new ArrayList<>();
        for (String peer : List.of(LIST, TAP)) {
            try {
                String module = peer.replace('-', '_');
                stopwatch.measure(peer, python + " -c 'import " + module + "'");
                found.add(peer);
            } catch (IOException missing) {
                System.out.println(peer + " is not installed: left out");
            }
        }
        return found;
    }

    /**
     * @param usual for the control
     * @param tenth of it for tap-mixpanel, which takes long
     */
    List<Contender> of(
            List<String> installed, PreparedDay usual, PreparedDay window, PreparedDay tenth)
            throws IOException, InterruptedException {
        List<Contender> list = new ArrayList<>();
        list.add(contenders.curl(Contenders.CONTROL, List.of(usual)));
        list.add(
                contenders
                        .ours(OURS, "this component, then filter by event name", List.of(window))
                        .route("filter")
                        .build());
        if (installed.contains(LIST)) {
            list.add(
                    new Contender(
                            LIST,
                            "mixpanel-utils, a list of events, filtered",
                            String.format(
                                    "%s bench/peers/list_events.py %d %s '%s'",
                                    python, port, window.day(), PreparedDay.CHOSEN),
                            window.events(),
                            window.events() + " " + window.chosen(),
                            true));
        }
        if (installed.contains(TAP)) {
            Path settings = folder.resolve("tap");
            stopwatch.measure(
                    TAP,
                    String.format(
                            "%s bench/peers/tap.py prepare %d %s %s",
                            python, port, tenth.day(), settings));
            list.add(
                    new Contender(
                            TAP,
                            "tap-mixpanel, records counted",
                            String.format(
                                    "%s bench/peers/tap.py export %d %s | grep -c '\"type\": \"RECORD\"'",
                                    python, port, settings),
                            tenth.events(),
                            String.valueOf(tenth.events()),
                            true));
        }
        list.add(contenders.curl(Contenders.CONTROL_AGAIN, List.of(usual)));
        return list;
    }

    /** Lets the server tell which properties events have, as Mixpanel does. */
    static void writeProperties(Path days) throws IOException {
        Random random = new Random(1);
        EventLines lines = new EventLines(Shape.SDK, 0);
        List<String> devices = SdkProperties.ofDevices(random);
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode names = mapper.createObjectNode();
        for (int i = 0; i < SAMPLE; i++) {
            JsonNode event = mapper.readTree(lines.next(i, random, devices).json());
            event.get("properties")
                    .fieldNames()
                    .forEachRemaining(name -> names.putObject(name).put("count", 1));
        }
        Files.write(days.resolve("properties.json"), mapper.writeValueAsBytes(names));
    }
}
