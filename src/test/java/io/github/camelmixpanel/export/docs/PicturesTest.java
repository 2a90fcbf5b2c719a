package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import io.github.camelmixpanel.export.internal.plan.DayRule;
import io.github.camelmixpanel.export.internal.plan.LastExport;
import io.github.camelmixpanel.export.internal.plan.Planner;
import io.github.camelmixpanel.export.internal.settings.LateEventSettings;
import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.LateEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pictures of the documents are drawn from here, and what they show of the defaults from the
 * code. With {@code -Dupdate.docs=true} they are drawn once more.
 */
class PicturesTest {

    private static final Path FOLDER = Path.of("docs/concepts");
    private static final LocalDate DAY = LocalDate.parse("2026-10-11");
    private static final Instant MIDNIGHT = DAY.atStartOfDay(ZoneOffset.UTC).toInstant();

    /** What happens in each step, and what is on disk after it. */
    private static final String FLOW =
            """
            plan | which days are due | the ledger: days that are done
            admit | wait for the quota | the query, in the log of queries
            fetch | one HTTP request | spool/….part, as received
            spool, verify | to the last byte | spool/….gz and its SHA-256
            split, dedupe | lines to events, only new ones | keys of earlier exports, read
            emit | one exchange per event | the same file, read again
            acknowledge | the route is done with it | watermark and keys, each second
            commit | every event is done | the ledger; the file is deleted
            """;

    private static final MixpanelExportConfiguration DEFAULTS = new MixpanelExportConfiguration();

    private record Picture(String name, Svg svg) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Picture> pictures() {
        return Stream.of(
                new Picture("day.svg", day()),
                new Picture("flow.svg", flow()),
                new Picture("quota.svg", quota()),
                new Picture("late-events.svg", choice()));
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void isAsDrawn(Picture picture) throws IOException {
        Path file = FOLDER.resolve(picture.name());
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(file, picture.svg().toString());
        }
        assertThat(file).hasContent(picture.svg().toString());
    }

    @Test
    void everyPictureIsShown() throws IOException {
        StringBuilder pages = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            for (Path page : files.filter(it -> it.toString().endsWith(".md")).toList()) {
                pages.append(Files.readString(page));
            }
        }
        assertThat(pictures()).allMatch(it -> pages.indexOf(it.name() + ")") > 0);
    }

    // -- a day's life

    private static Svg day() {
        Svg svg =
                new Svg(
                        800,
                        270,
                        "When a day is queried, from its beginning until it is final, by lateEvents");
        int last = DEFAULTS.getLookbackDays();
        svg.box(x(Duration.ZERO), 36, x(Duration.ofDays(1)) - x(Duration.ZERO), 20, "good")
                .box(
                        x(Duration.ofDays(1)),
                        36,
                        x(Duration.ofDays(1 + last)) - x(Duration.ofDays(1)),
                        20,
                        "late")
                .box(
                        x(Duration.ofDays(1 + last)),
                        36,
                        790 - x(Duration.ofDays(1 + last)),
                        20,
                        "last");
        svg.text(x(Duration.ZERO), 26, "the day itself")
                .text(x(Duration.ofDays(1)), 26, "events of the day may still arrive")
                .text(x(Duration.ofDays(1 + last)), 26, "final");
        for (int i = 0; i <= last + 1; i++) {
            svg.grid(x(Duration.ofDays(i)), 60, x(Duration.ofDays(i)), 236)
                    .centred(x(Duration.ofDays(i)), 254, i == 0 ? "0:00" : "+" + i + " d");
        }
        row(svg, 92, LateEvents.LOOKBACK, "LOOKBACK");
        svg.box(
                x(Duration.ZERO),
                138,
                x(Duration.ofDays(1 + last)) + 3 - x(Duration.ZERO),
                8,
                "pale");
        row(svg, 142, LateEvents.ARRIVAL, "ARRIVAL");
        svg.text(
                x(Duration.ZERO),
                166,
                "band: queries for what has arrived, of all days at once, one per poll");
        row(svg, 202, LateEvents.NONE, "NONE");
        return svg;
    }

    private static void row(Svg svg, int y, LateEvents mode, String name) {
        svg.text(16, y + 4, name);
        List<Instant> queries = queries(mode);
        for (Instant query : queries) {
            svg.dot(
                    x(Duration.between(MIDNIGHT, query)),
                    y,
                    query.equals(queries.get(queries.size() - 1)) ? "last" : "good");
        }
    }

    private static double x(Duration sinceMidnight) {
        return 110 + sinceMidnight.toMinutes() * 105.0 / Duration.ofDays(1).toMinutes();
    }

    /** When the planner has the day queried. */
    private static List<Instant> queries(LateEvents mode) {
        Planner planner =
                new Planner(
                        new DayRule(
                                ZoneOffset.UTC,
                                new LateEventSettings(
                                        mode,
                                        DEFAULTS.getLookbackDays(),
                                        Duration.ofHours(1),
                                        Duration.ofHours(24),
                                        DEFAULTS.getArrivalDays())),
                        1,
                        BackfillOrder.OLDEST);
        List<Instant> queries = new ArrayList<>();
        Optional<Instant> now = Optional.of(MIDNIGHT);
        LastExport exported = null;
        while (now.isPresent()) {
            LastExport before = exported;
            Planner.Plan plan =
                    planner.plan(
                            now.get(),
                            DAY,
                            DAY,
                            day -> before,
                            day -> mode == LateEvents.ARRIVAL,
                            day -> false);
            if (plan.windows().isEmpty()) {
                now = plan.nextDue();
            } else {
                queries.add(now.get());
                exported = new LastExport(now.get(), now.get());
            }
        }
        return queries;
    }

    // -- the flow

    private static Svg flow() {
        List<String[]> steps = FLOW.lines().map(line -> line.split(" \\| ")).toList();
        Svg svg = new Svg(800, 250, "The steps of an export, and what is on disk after each");
        for (int i = 0; i < steps.size(); i++) {
            int x = 12 + i % 4 * 198;
            int y = 14 + i / 4 * 110;
            svg.box(x, y, 180, 44, "box")
                    .centred(x + 90, y + 19, steps.get(i)[0] + "\n" + steps.get(i)[1])
                    .centred(x + 90, y + 64, "\n" + steps.get(i)[2]);
            if (i % 4 < 3) {
                svg.arrow(x + 180, y + 22, x + 197, y + 22);
            }
        }
        svg.line(102, 110, 102, 124).line(102, 110, 790, 110).line(790, 36, 790, 110);
        svg.line(786, 36, 790, 36).arrow(102, 110, 102, 124);
        return svg.text(12, 238, "below each step: what is on disk after it");
    }

    // -- the quota

    private static Svg quota() {
        int perHour = DEFAULTS.getQueriesPerHour();
        int windows = 148;
        Svg svg =
                new Svg(
                        800,
                        250,
                        windows + " windows in a quota of " + perHour + " queries per hour");
        List<Integer> starts = new ArrayList<>(); // seconds; two downloads at a time, of 20 s each
        for (int i = 0; i < windows; i++) {
            int free = i < 2 ? 0 : starts.get(i - 2) + 20;
            starts.add(i < perHour ? free : Math.max(free, starts.get(i - perHour) + 3600));
        }
        svg.line(50, 200, 750, 200).line(50, 200 - perHour * 2, 750, 200 - perHour * 2);
        svg.text(54, 200 - perHour * 2 - 6, perHour + " queries in the last hour: the limit");
        StringBuilder used = new StringBuilder();
        for (int second = 0; second <= 8400; second += 30) {
            int now = second;
            long inLastHour = starts.stream().filter(it -> it <= now && it > now - 3600).count();
            used.append("%d,%d ".formatted(50 + second * 700 / 8400, 200 - inLastHour * 2));
        }
        svg.curve(used.toString().strip());
        for (int start : starts) {
            svg.box(50 + start * 700.0 / 8400, 206, 0.8, 10, "good");
        }
        for (int minutes = 0; minutes <= 140; minutes += 20) {
            svg.centred(50 + minutes * 60 * 700.0 / 8400, 234, minutes + " min");
        }
        svg.text(
                180,
                130,
                "no query until the first one is an hour old\ndownloads go on, and so does your route");
        return svg;
    }

    // -- which lateEvents

    private static Svg choice() {
        Svg svg = new Svg(800, 250, "Which lateEvents to choose");
        String[] questions = {
            "Can your target take more\nevents of a day that it has?",
            "Do imports reach back more\nthan 5 days, or must today be fresh?",
            "Most projects:\nevents sent by SDKs"
        };
        String[] answers = {
            "no | lateEvents=NONE\neach day once, an hour after its end",
            "yes | lateEvents=ARRIVAL\none small query per poll, up to 30 days back",
            "| lateEvents=LOOKBACK, the default\ntoday hourly, then daily for 5 days"
        };
        for (int i = 0; i < questions.length; i++) {
            int y = 14 + i * 78;
            svg.box(20, y, 270, 56, "box").centred(155, y + 24, questions[i]);
            String[] answer = answers[i].split("\\| ");
            svg.arrow(290, y + 28, 440, y + 28).text(350, y + 22, answer[0].strip());
            svg.box(440, y, 340, 56, "box").centred(610, y + 24, answer[1]);
            if (i < 2) {
                svg.arrow(155, y + 56, 155, y + 78).text(163, y + 71, i == 0 ? "yes" : "no");
            }
        }
        return svg;
    }
}
