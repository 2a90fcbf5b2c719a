package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What histories cost with {@code windowDays=auto}, in virtual time and inside the real quota. All
 * sizes are a 4096th: {@code windowSize} is 16KB for 64MB, and 143 MB, which a million events take,
 * are 35 kB.
 */
class SizedWindowsTest extends VirtualTimeTestSupport {

    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final LocalDate YESTERDAY = LocalDate.parse("2026-11-28");
    private static final int SCALE = 4_096;
    private static final int WINDOW_SIZE = (64 << 20) / SCALE;

    /** Compressed, for one event. */
    private static final double EVENT = 143.0 / SCALE;

    private final Random random = new Random(24);
    private int added;

    SizedWindowsTest() {
        super(START);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().limits(60, 3, 100);
    }

    @Test
    void asksForTwoYearsOfFewEventsInMinutes() throws Exception {
        add(730, day -> 10_000);

        export(730);

        assertThat(mixpanel.queries()).hasSizeLessThanOrEqualTo(40);
        assertThat(Duration.between(START, time.now())).isLessThan(Duration.ofMinutes(2));
    }

    /** Lines that gzip makes no smaller: as many events a day as that, in bytes. */
    private void add(int days, IntToDoubleFunction events) {
        for (int day = 0; day < days; day++) {
            long bytes = Math.round(events.applyAsDouble(day) * EVENT);
            LocalDate date = YESTERDAY.minusDays(days - 1L - day);
            while (bytes > 0) {
                long part = Math.min(bytes, 2_000);
                mixpanel.addEvents(line(date, (int) part));
                bytes -= part;
            }
        }
    }

    private String line(LocalDate day, int bytes) {
        byte[] noise = new byte[Math.max(0, bytes - 100)];
        random.nextBytes(noise);
        return "{\"event\":\"e\",\"properties\":{\"time\":%d,\"$insert_id\":\"%d\",\"n\":\"%s\"}}"
                .formatted(
                        day.toEpochDay() * 86_400 + added % 80_000,
                        added++,
                        Base64.getEncoder().encodeToString(noise));
    }

    private void export(int days, String... options) throws Exception {
        collect(sized(days, options));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(bodies()).hasSize(added).doesNotHaveDuplicates();
        mixpanel.assertLimitsHeld();
        assertThat(mixpanel.refused()).isZero();
    }

    private String sized(int days, String... options) {
        String uri = uri(YESTERDAY.minusDays(days - 1L).toString(), YESTERDAY.toString(), options);
        return uri.replace("windowDays=1", "windowDays=auto&windowSize=" + WINDOW_SIZE)
                .replace("queriesPerSecond=100", "queriesPerSecond=3")
                .replace("delay=50", "repeatCount=1");
    }
}
