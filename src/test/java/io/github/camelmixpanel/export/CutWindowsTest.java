package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of windows that turn out too large. The days of 2026-11-08 to 28. */
class CutWindowsTest extends SizedTestSupport {

    /** The fourth window: after the first day, the last one, and four days. */
    private static final LocalDate SIXTH = day(5, 21);

    private static final List<String> BEFORE =
            List.of("2026-11-08..2026-11-08", "2026-11-28..2026-11-28", "2026-11-09..2026-11-12");

    static Stream<Arguments> answers() {
        Answer timeout =
                Answer.status(400, "application/json", "{\"error\": \"Timeout Error.\"}", Map.of());
        return Stream.of(
                Arguments.of(1, status(413)),
                Arguments.of(1, timeout),
                Arguments.of(1, status(408)),
                Arguments.of(1, status(504)),
                Arguments.of(2, Answer.reset(0.5)),
                Arguments.of(2, Answer.gzipCut(0.9)));
    }

    private static Answer status(int status) {
        return Answer.status(status, "text/plain", "no", Map.of());
    }

    /** In halves, and never once more as a whole. */
    @ParameterizedTest
    @MethodSource("answers")
    void cutsAWindowInHalves(int times, Answer tooLarge) throws Exception {
        addDays(21, day -> 10_000);
        for (int i = 0; i < times; i++) {
            mixpanel.answer(SIXTH, tooLarge);
        }

        export(21, "maxConcurrentWindows=1");

        assertAllEmittedOnce();
        assertThat(queried().subList(0, 3)).isEqualTo(BEFORE);
        assertThat(queried().subList(3, 3 + times)).containsOnly("2026-11-13..2026-11-27");
        assertThat(queried().subList(3 + times, queried().size()))
                .containsExactly("2026-11-13..2026-11-20", "2026-11-21..2026-11-27");
    }

    /** A server that is down is not helped by smaller windows. */
    @Test
    void keepsWindowsTogetherThatFailForOtherReasons() throws Exception {
        addDays(21, day -> 10_000);
        mixpanel.answer(SIXTH, status(500), status(503), Answer.noAnswer(), status(502));

        export(21, "maxConcurrentWindows=1");

        assertAllEmittedOnce();
        assertThat(queried().subList(3, queried().size()))
                .hasSize(5)
                .containsOnly("2026-11-13..2026-11-27");
    }

    /** Nor is a day cut. */
    @Test
    void leavesASingleDayAsItIs() throws Exception {
        addDays(1, day -> 10_000_000);

        export(1, "windowSize=1");

        assertAllEmittedOnce();
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void cutsWhatIsLargerThanTheSpool() throws Exception {
        addDays(21, day -> day >= 12 && day < 18 ? 100_000 : 10_000);

        export(21, "maxConcurrentWindows=1", "maxSpoolSize=12000");

        assertAllEmittedOnce();
        assertThat(queried()).containsAll(BEFORE).containsOnlyOnce("2026-11-13..2026-11-24");
        assertThat(ledger()).contains("\"cut\"");
    }

    @Test
    void cutsWhatTakesLongerThanAWindowMay() throws Exception {
        addDays(21, day -> 10_000);
        mixpanel.answer(SIXTH, Answer.hangAfter(0.5));

        export(21, "maxConcurrentWindows=1", "windowTimeout=2000");

        assertAllEmittedOnce();
        assertThat(queried()).contains("2026-11-13..2026-11-27", "2026-11-13..2026-11-20");
    }

    @Test
    void remembersAcrossARestartWhatWasTooLarge() throws Exception {
        addDays(21, day -> 10_000);
        mixpanel.answer(SIXTH, status(413), Answer.hang());
        collect(sized(21, "maxConcurrentWindows=1"));
        context.start();
        await().until(() -> queried().size() == 5);
        restart();
        assertThat(ledger()).contains("\"type\":\"cut\",\"from\":\"2026-11-13\"");

        export(21, "maxConcurrentWindows=1");

        assertAllEmittedOnce();
        assertThat(queried().subList(3, queried().size()))
                .containsExactly(
                        "2026-11-13..2026-11-27",
                        "2026-11-13..2026-11-20",
                        "2026-11-13..2026-11-20",
                        "2026-11-21..2026-11-27");
        restart();
        assertThat(ledger()).as("the days are committed").contains("\"cut\"");
    }
}
