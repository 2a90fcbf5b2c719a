package io.github.camelmixpanel.export.bench;

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

    static final String LIST = "mixpanel-utils";
    static final String TAP = "tap-mixpanel";

    private static final int SAMPLE = 1_000;

    private final Contenders contenders;
    private final Path folder;
    private final String python;

    /**
     * @param folder of the bench, where they are installed
     */
    Peers(Contenders contenders, Path folder) {
        this.contenders = contenders;
        this.folder = folder;
        this.python = folder.resolve("peers/bin/python").toString();
    }

    /**
     * Those that are installed here.
     *
     * @param tenth of the day, for tap-mixpanel, which takes long
     */
    List<Contender> of(PreparedDay day, PreparedDay tenth) throws InterruptedException {
        List<Contender> list = new ArrayList<>();
        if (isDone(LIST, "-c 'import mixpanel_utils'")) {
            list.add(
                    contenders.whole(
                            LIST,
                            LIST + ", a list of events, filtered",
                            day.events(),
                            day.events() + " " + day.chosen(),
                            String.format(
                                    "%s bench/peers/list_events.py %d %s '%s'",
                                    python, contenders.port(), day.day(), PreparedDay.CHOSEN)));
        }
        Path settings = folder.resolve("tap");
        String prepare =
                String.format(
                        "bench/peers/tap.py prepare %d %s %s",
                        contenders.port(), tenth.day(), settings);
        if (isDone(TAP, prepare)) {
            list.add(
                    contenders.whole(
                            TAP,
                            TAP + ", records counted",
                            tenth.events(),
                            String.valueOf(tenth.events()),
                            String.format(
                                    "%s bench/peers/tap.py export %d %s | grep -c '\"type\": \"RECORD\"'",
                                    python, contenders.port(), settings)));
        }
        return list;
    }

    private boolean isDone(String peer, String command) throws InterruptedException {
        try {
            contenders.stopwatch().measure(peer, python + " " + command);
            return true;
        } catch (IOException missing) {
            System.out.println(peer + " is not installed: left out");
            return false;
        }
    }

    /** Lets the server tell which properties events have, as Mixpanel does. */
    static void writeProperties(Path days) throws IOException {
        Random random = new Random(1);
        EventLines lines = new EventLines(0);
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
