package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.simulator.Query;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Histories that are exported with {@code windowDays=auto}, in virtual time and inside the real
 * quota. All sizes are a 4096th: {@code windowSize} is 16KB for 64MB, and the 143 MB that a million
 * events take are 35 kB.
 */
abstract class SizedTestSupport extends VirtualTimeTestSupport {

    static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    static final LocalDate YESTERDAY = LocalDate.parse("2026-11-28");
    static final int WINDOW_SIZE = (64 << 20) / 4_096;

    private static final double BYTES_PER_EVENT = 143.0 / 4_096;
    private static final Pattern COMMIT =
            Pattern.compile(
                    "\"committed\",\"from\":\"(\\S{10})\",\"to\":\"(\\S{10})\".*?\"bytes\":(\\d+)");

    private final Random random = new Random(24);
    private long added;

    SizedTestSupport() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    /**
     * What the ledger has of a commit.
     *
     * @param bytes as received
     */
    record Committed(LocalDate from, LocalDate to, long bytes) {

        boolean isOneDay() {
            return from.equals(to);
        }
    }

    /** Commits of this run, in order; the ledger is too short to be compacted. */
    List<Committed> committed() throws Exception {
        return COMMIT.matcher(ledger()).results().map(SizedTestSupport::committed).toList();
    }

    private static Committed committed(MatchResult line) {
        return new Committed(
                LocalDate.parse(line.group(1)),
                LocalDate.parse(line.group(2)),
                Long.parseLong(line.group(3)));
    }

    /** The day of this number, of so many that end yesterday. */
    static LocalDate day(int number, int days) {
        return YESTERDAY.minusDays(days - 1L - number);
    }

    /** Adds days that end yesterday; {@code events} says how many a day has, by its number. */
    void addDays(int days, IntToDoubleFunction events) {
        for (int day = 0; day < days; day++) {
            long bytes = Math.round(events.applyAsDouble(day) * BYTES_PER_EVENT);
            for (; bytes > 0; bytes -= 4_000) {
                mixpanel.addEvents(line(day(day, days), Math.min(bytes, 4_000)));
            }
        }
    }

    /** One that takes so many bytes, more or less, however it is compressed. */
    private String line(LocalDate day, long bytes) {
        byte[] noise = new byte[(int) Math.max(0, bytes - 40)];
        random.nextBytes(noise);
        String line =
                """
                {"event":"e","properties":{"time":%d,"$insert_id":"%d","n":"%s"}}"""
                        .formatted(
                                day.toEpochDay() * 86_400 + added % 80_000,
                                added,
                                Base64.getEncoder().encodeToString(noise));
        added++;
        return line;
    }

    /** One poll of the last so many days. */
    void export(int days, String... options) throws Exception {
        collect(sized(days, options));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        mixpanel.assertLimitsHeld();
        assertThat(mixpanel.refused()).isZero();
    }

    String sized(int days, String... options) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "windowDays=auto",
                                "windowSize=" + WINDOW_SIZE,
                                "queriesPerSecond=3",
                                "repeatCount=1"));
        all.addAll(List.of(options));
        return uri(day(0, days).toString(), YESTERDAY.toString(), all.toArray(String[]::new));
    }

    /** Every event, once. */
    void assertAllEmittedOnce() {
        assertThat(bodies()).hasSize((int) added).doesNotHaveDuplicates();
    }

    /** What was asked for, in order. */
    List<String> queried() {
        return mixpanel.queries().stream().map(SizedTestSupport::days).toList();
    }

    static String days(Query query) {
        return query.fromDate() + ".." + query.toDate();
    }
}
