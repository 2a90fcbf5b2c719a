package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.simulator.Query;
import io.github.camelmixpanel.export.simulator.SimulatedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The figures of a summary are those of the download that the simulator served, in every
 * generation.
 */
class SummaryFiguresTest extends VirtualTimeTestSupport {

    private static final String DAY = "2026-10-20";
    private static final int PLAIN = 200;
    private static final int HOT = 5;
    private static final int HOT_OTHERS = 7;
    private static final int REPEATED = 6;
    private static final int MERGED = 4;
    private static final int DELETED = 3;
    private static final int LATE = 5;

    private final List<Map<?, ?>> summaries = Collections.synchronizedList(new ArrayList<>());
    private volatile String refused = "";

    SummaryFiguresTest() {
        super(at("10:00"));
    }

    private static Instant at(String hour) {
        return Instant.parse(DAY + "T" + hour + ":00Z");
    }

    /** A day on which everything happens that can happen between two exports of it. */
    @BeforeEach
    void addEvents() {
        mixpanel.addDay(LocalDate.parse(DAY), "no event\nno event either\n".getBytes());
        for (int i = 0; i < PLAIN; i++) {
            SimulatedEvent event = event("buy", "plain-" + i, i);
            if (i < REPEATED) {
                event = event.repeatedAt(at("09:00")).compactedAt(at("11:00"));
            } else if (i < REPEATED + MERGED) {
                event = event.mergedAt(at("11:00"), "merged-" + i);
            } else if (i < REPEATED + MERGED + DELETED) {
                event = event.deletedAt(at("11:30"));
            } else if (i == PLAIN - 1) {
                event = event.deletedAt(at("15:00"));
            }
            mixpanel.add(event);
        }
        for (int i = 0; i < HOT + HOT_OTHERS; i++) {
            mixpanel.add(event(i < HOT ? "buy" : "view", "hot-" + i, i).hotShard());
        }
        for (int i = 0; i < LATE; i++) {
            mixpanel.add(event("buy", "late-" + i, i).processedAt(at("11:45")));
        }
    }

    private static SimulatedEvent event(String name, String id, int number) {
        return SimulatedEvent.named(name, at("01:00").plusSeconds(number))
                .insertId(id)
                .distinctId("u" + number);
    }

    private void export(String... options) throws Exception {
        String[] all = java.util.Arrays.copyOf(options, options.length + 4);
        all[options.length] = "lateEvents=LOOKBACK";
        all[options.length + 1] = "queriesPerSecond=3";
        all[options.length + 2] = "delay=1";
        all[options.length + 3] = "windowComplete=true";
        String uri = uri(DAY, DAY, all);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .process(
                                        e -> {
                                            if (e.getMessage().getBody() instanceof Map<?, ?> map
                                                    && map.containsKey("emitted")) {
                                                summaries.add(map);
                                                return;
                                            }
                                            Received event = Received.of(e);
                                            if (refused.equals(
                                                    event.header(
                                                            MixpanelExportConstants.INSERT_ID))) {
                                                throw new IllegalStateException("not now");
                                            }
                                            received.add(event);
                                        });
                    }
                });
        context.start();
    }

    private Map<?, ?> generationAt(String hour, int generation) {
        time.advance(Duration.between(time.now(), at(hour)));
        await().until(() -> summaries.size() == generation);
        return summaries.get(generation - 1);
    }

    @ParameterizedTest
    @CsvSource({"MIXPANEL, false", "INSERT_ID, false", "MIXPANEL, true", "INSERT_ID, true"})
    void addUpInEveryGeneration(DedupeRecipe recipe, boolean byName) throws Exception {
        export("dedupeKey=" + recipe, byName ? "events=buy" : "timeInMs=true");
        int base = PLAIN + HOT + (byName ? 0 : HOT_OTHERS);
        boolean rekeyed = recipe == DedupeRecipe.MIXPANEL;

        check(generationAt("10:00", 1), byName, base + REPEATED, base, 0, 0, 0);
        check(
                generationAt("12:00", 2),
                byName,
                base - DELETED + LATE,
                LATE + (rekeyed ? MERGED : 0),
                base - DELETED - (rekeyed ? MERGED : 0),
                DELETED + (rekeyed ? MERGED : 0),
                MERGED);
        int rest = base - DELETED + LATE;
        check(generationAt("14:00", 3), byName, rest, 0, rest, 0, 0);
        check(generationAt("16:00", 4), byName, rest - 1, 0, rest - 1, 1, 0);

        assertThat(received)
                .hasSize((int) summaries.stream().mapToLong(it -> figure(it, "emitted")).sum());
    }

    private void check(
            Map<?, ?> summary,
            boolean byName,
            long events,
            long emitted,
            long known,
            long vanished,
            long rewritten) {
        int generation = (int) summary.get("generation");
        Query query = mixpanel.queries().get(generation - 1);
        assertThat(summary.get("started")).isEqualTo(query.at().toString());
        assertThat(figure(summary, "bytes")).isEqualTo(query.bytes());
        // the simulator serves lines that are no events only where nothing is asked about them
        assertThat(figure(summary, "badLines")).isEqualTo(byName ? 0 : 2);
        assertThat(figure(summary, "otherEvents")).isEqualTo(byName ? HOT_OTHERS : 0);
        assertThat(
                        figure(summary, "events")
                                + figure(summary, "otherEvents")
                                + figure(summary, "badLines"))
                .isEqualTo(query.lines());
        assertThat(figure(summary, "emitted") + figure(summary, "duplicates"))
                .isEqualTo(figure(summary, "events"));
        assertThat(figure(summary, "events")).as("events of %d", generation).isEqualTo(events);
        assertThat(figure(summary, "emitted")).as("emitted of %d", generation).isEqualTo(emitted);
        assertThat(figure(summary, "known")).as("known of %d", generation).isEqualTo(known);
        assertThat(figure(summary, "vanished")).as("vanished %d", generation).isEqualTo(vanished);
        assertThat(figure(summary, "rewritten"))
                .as("rewritten of %d", generation)
                .isEqualTo(rewritten);
        assertThat(figure(summary, "changed")).as("changed of %d", generation).isZero();
        assertThat(summary.get("queries")).isEqualTo(1);
    }

    private static long figure(Map<?, ?> summary, String name) {
        return (long) summary.get(name);
    }

    /** What the route had of a generation before a stop is not known to it from before. */
    @Test
    void areThoseOfTheWholeGenerationAfterARestartInItsMiddle() throws Exception {
        export();
        generationAt("10:00", 1);
        refused = "late-2";
        time.advance(Duration.between(time.now(), at("12:00")));
        await().until(() -> ids().contains("late-4") && !ids().contains("late-2"));
        restart();
        refused = "";
        export();

        Map<?, ?> second = generationAt("12:00", 2);
        int base = PLAIN + HOT + HOT_OTHERS;
        assertThat(figure(second, "emitted")).isEqualTo(LATE + MERGED);
        assertThat(figure(second, "known")).isEqualTo(base - DELETED - MERGED);
        assertThat(figure(second, "vanished")).isEqualTo(DELETED + MERGED);
        assertThat(figure(second, "rewritten")).isEqualTo(MERGED);
        assertThat(received).hasSize(base + LATE + MERGED);
    }

    private List<Object> ids() {
        synchronized (received) {
            return received.stream()
                    .map(it -> it.header(MixpanelExportConstants.INSERT_ID))
                    .toList();
        }
    }
}
