package io.github.camelmixpanel.export.routes;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever may send events to the project chooses their names and ids; none is more than text. */
class UntrustedNamesTest {

    private static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC).minusDays(5);
    private static final List<String> NAMES =
            List.of(
                    "{{env:HOME}}",
                    "{{no.such.property}}",
                    "${sys.user.home}",
                    "$simple{sys.user.home}",
                    "../../x",
                    "..",
                    "/etc/x",
                    "C:\\x",
                    "ページを表示した".repeat(40),
                    "x".repeat(300),
                    "a\nb",
                    "\u001b[31mred",
                    "\u202egnp.exe",
                    "?fileName=other",
                    "&charset=x",
                    "RAW(x)",
                    "#bean:x",
                    "",
                    " ",
                    "CON",
                    "'quoted'",
                    "a,b",
                    "null",
                    "true",
                    "x.class",
                    "7");

    @TempDir Path folder;
    private RunningRoute route;
    private MixpanelSimulator mixpanel;

    @AfterEach
    void stop() {
        route.close();
        mixpanel.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export-again.yaml",
                "export-nightly.yaml",
                "export-to-files.xml",
                "split-by-event.xml"
            })
    void areTextInEveryRoute(String file) throws IOException {
        List<String> events = events();
        run(file, events);

        await().untilAsserted(() -> assertThat(lines()).hasSize(events.size()));
        if (!file.equals("export-to-files.xml")) { // it writes lines of its own
            assertThat(lines()).containsExactlyInAnyOrderElementsOf(events);
        }
    }

    @Test
    void nameFoldersOfLettersDigitsAndDashesAlone() throws IOException {
        run("split-by-event.xml", events());

        await().untilAsserted(() -> assertThat(lines()).hasSize(NAMES.size()));
        try (Stream<Path> all = Files.list(folder.resolve("out"))) {
            assertThat(all.map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            NAMES.stream()
                                    .map(it -> it.substring(0, Math.min(60, it.length())))
                                    .map(it -> it.replaceAll("[^\\pL\\pN_-]+", "-"))
                                    .map(it -> it.isEmpty() ? "events.jsonl" : it)
                                    .distinct()
                                    .toList());
        }
    }

    private static List<String> events() {
        return IntStream.range(0, NAMES.size()).mapToObj(i -> event(NAMES.get(i), i)).toList();
    }

    private void run(String file, List<String> events) {
        mixpanel =
                MixpanelSimulator.builder()
                        .timeZone(ZoneOffset.UTC)
                        .start()
                        .addEvents(events.toArray(String[]::new));
        Properties settings = new Properties();
        settings.setProperty("mixpanel.stateDirectory", folder.resolve("state").toString());
        settings.setProperty("mixpanel.folder", folder.resolve("out").toString());
        settings.setProperty("mixpanel.fromDate", DAY.toString());
        settings.setProperty("mixpanel.toDate", DAY.toString());
        settings.setProperty("mixpanel.cron", "* * * * * ?");
        settings.setProperty("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
        route = RunningRoute.start(Path.of("routes", file), settings);
    }

    private List<String> lines() throws IOException {
        Path out = folder.resolve("out");
        List<String> lines = new ArrayList<>();
        if (Files.exists(out)) {
            try (Stream<Path> files = Files.walk(out)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }

    private static String event(String name, int id) {
        String text = new String(JsonStringEncoder.getInstance().quoteAsString(name));
        long time = DAY.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + 3600 + id;
        return ("{\"event\":\"%s\",\"properties\":{\"time\":%d,\"distinct_id\":\"%s\",\"$insert_id\":\"%d%s\"}}")
                .formatted(text, time, text, id, text);
    }
}
