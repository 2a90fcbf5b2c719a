package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The golden state directories of this format are what exports write. With {@code
 * -Dgolden.write=true} they are written once more.
 */
class GoldenStateWritingTest extends GoldenTestSupport {

    /** What is on disk of a window that is half emitted depends on the time that passes. */
    @BeforeEach
    void holdTime() {
        time.hold();
    }

    @Test
    void days() throws Exception {
        GoldenDays.addTo(mixpanel);
        refused.addAll(List.of("2026-10-12-2", "2026-10-13-1", "2026-10-13-3", "2026-10-14"));
        slow = "2026-10-16-1";
        beforeSlow = () -> await().until(() -> ledger().contains("2026-10-17.g1"));
        last = "2026-10-16-4";
        advanceTo(GoldenState.DAYS.at);
        route(uri(GoldenState.DAYS));
        context.start();
        awaitLast();
        kill();

        isGolden(GoldenState.DAYS);
    }

    @Test
    void again() throws Exception {
        for (int day = 1; day <= 4; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 5));
        }
        advanceTo(GoldenState.AGAIN.at.minus(Duration.ofHours(2)));
        poll(uri(GoldenState.AGAIN));
        restart();
        advanceTo(GoldenState.AGAIN.at);
        asker();
        context.start();
        reexport("2026-10-03", "REPLAY");
        restart();
        time.advance(Duration.ofSeconds(1));
        slow = "2026-10-03-1";
        last = "2026-10-03-4";
        route(uri(GoldenState.AGAIN));
        context.start();
        awaitLast();
        reexport("2026-10-01", "REPAIR");
        reexport("2026-10-02", "REPLAY");
        kill();

        isGolden(GoldenState.AGAIN);
    }

    private void reexport(String day, String mode) {
        assertThat(ask("REEXPORT", day, day, MixpanelExportConstants.REEXPORT, mode).getException())
                .isNull();
    }

    @Test
    void arrivals() throws Exception {
        GoldenDays.addArrivalsTo(mixpanel);
        Instant at = GoldenState.ARRIVALS.at;
        advanceTo(at.minus(Duration.ofMinutes(30)));
        poll(uri(GoldenState.ARRIVALS));
        restart();
        advanceTo(at.minus(Duration.ofMinutes(15)));
        poll(uri(GoldenState.ARRIVALS));
        restart();
        advanceTo(at);
        slow = "2026-10-19-8";
        last = "2026-10-19-11";
        route(uri(GoldenState.ARRIVALS, "repeatCount=1"));
        context.start();
        awaitLast();
        kill();

        isGolden(GoldenState.ARRIVALS);
    }

    @Test
    void tasks() throws Exception {
        for (int day = 5; day <= 7; day++) {
            mixpanel.addEvents(lines("2026-10-0" + day, 5));
        }
        mixpanel.answer(
                LocalDate.parse("2026-10-06"), Answer.status(500, "text/plain", "no", Map.of()));
        advanceTo(GoldenState.TASKS.at);
        route(uri(GoldenState.TASKS));
        fetcher();
        context.start();
        await().until(() -> tasks.size() == 2);
        assertThat(complete(carryOut("2026-10-06"))).isEqualTo("AGAIN");
        time.advance(Duration.ofSeconds(1)); // more than retryDelay
        assertThat(complete(carryOut("2026-10-05"))).isEqualTo("COMMITTED");
        await().until(() -> tasks.size() == 4);
        String outcome = carryOut("2026-10-06");
        kill();

        isGolden(GoldenState.TASKS);
        isGolden(GoldenState.TASKS.folder().resolve("outcome.json"), outcome);
    }

    @Test
    void reopened() throws Exception {
        GoldenDays.addSummerTo(mixpanel);
        Instant first = time.now();
        String before =
                uri(GoldenState.REOPENED, "toDate=2026-08-04")
                        .replaceAll("&(where|onQueryChange)=[^&]*", "");
        for (Instant poll :
                List.of(
                        first,
                        first.plusSeconds(900),
                        GoldenState.REOPENED.at.minusSeconds(7200))) {
            advanceTo(poll);
            poll(before);
            restart();
        }
        advanceTo(GoldenState.REOPENED.at.minusSeconds(60));
        slow = "2026-08-02-1";
        last = "2026-08-02-4";
        route(uri(GoldenState.REOPENED));
        context.start();
        awaitLast();
        kill();
        try (Stream<Path> bodies = Files.list(exportFolder().resolve("spool"))) {
            for (Path body : bodies.filter(it -> it.toString().contains("2026-08-02.")).toList()) {
                Files.delete(body);
            }
        }
        advanceTo(GoldenState.REOPENED.at);
        route(uri(GoldenState.REOPENED));
        context.start();
        awaitLast();
        kill();

        isGolden(GoldenState.REOPENED);
    }

    @Test
    void windows() throws Exception {
        GoldenDays.addWindowsTo(mixpanel);
        refused.add("2026-09-15");
        slow = "2026-10-01-0";
        last = "2026-10-03-1";
        advanceTo(GoldenState.WINDOWS.at);
        route(uri(GoldenState.WINDOWS));
        context.start();
        awaitLast();
        kill();

        isGolden(GoldenState.WINDOWS);
    }

    private void isGolden(GoldenState golden) throws Exception {
        // such as the reason of a dropped line
        Path ledger = exportFolder().resolve("ledger.jsonl");
        Files.writeString(ledger, ledger().replace(temp.toString(), "/elsewhere"));
        isGolden(golden.folder().resolve("taken.txt"), String.join("\n", taken) + "\n");
        if (Boolean.getBoolean("golden.write")) {
            if (Files.exists(golden.state())) {
                try (Stream<Path> old = Files.walk(golden.state())) {
                    for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
            copy(state(), golden.state());
        }
        TreeMap<String, Path> expected = files(golden.state());
        TreeMap<String, Path> found = files(state());
        assertThat(found).containsOnlyKeys(expected.keySet());
        for (var file : found.entrySet()) {
            assertThat(readable(file.getValue()))
                    .as(file.getKey())
                    .isEqualTo(readable(expected.get(file.getKey())));
        }
    }

    private static void isGolden(Path file, String text) throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(sorted(text)).isEqualTo(sorted(Files.readString(file)));
    }

    /** Without what is another one each time. */
    private static String readable(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".gz")) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        if (name.endsWith(".keys") || name.endsWith(".run")) {
            return HexFormat.of().formatHex(Files.readAllBytes(file));
        }
        return sorted(String.join("\n", withoutFlushes(Files.readAllLines(file))));
    }

    /** One window is downloaded while another one is emitted: either is done first. */
    private static String sorted(String text) {
        return text.lines()
                .map(GoldenStateWritingTest::masked)
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** Without what was acknowledged when time passed, except of a window for the last time. */
    private static List<String> withoutFlushes(List<String> lines) {
        Map<String, String> acknowledged = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("{\"type\":\"acknowledged\"")) {
                acknowledged.put(line.replaceAll(",\"line\".*", ""), line);
            } else {
                others.add(line);
            }
        }
        others.addAll(acknowledged.values());
        return others;
    }

    private static String masked(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>")
                .replaceAll("(?m)^\\d{13}\t", "<time>\t")
                .replaceAll("[0-9a-f]{64}", "<sha256>")
                .replaceAll("\"(bytes|tookMillis)\":\\d+", "\"$1\":<number>")
                .replaceAll("\"reason\":\"[^\"]*\"", "\"reason\":\"<text>\"")
                .replaceAll("\"id\":\"[^\"]+\"", "\"id\":\"<id>\"");
    }
}
