package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import java.time.Duration;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that sends a byte now and then, so that {@code responseTimeout} never ends it, keeps
 * neither a download thread nor a query longer than {@code windowTimeout}.
 */
class DribblingServersTest extends ExportTestSupport {

    private static final String SLOW = "2026-10-05";
    private static final String GOOD = "2026-10-06";

    static Stream<Arguments> answers() {
        Duration pause = Duration.ofMillis(10);
        return Stream.of(
                Arguments.of("head", Answer.dribbleHead(pause), "its head did not arrive"),
                Arguments.of(
                        "body",
                        Answer.dribble(1, pause),
                        "Set windowTimeout higher, or choose fewer events"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void areLeftWhenTheTimeForTheWindowIsOver(String part, Answer slow, String hint)
            throws Exception {
        mixpanel.addEvents(lines(SLOW, 300)).addEvents(lines(GOOD, 300));
        mixpanel.answer(LocalDate.parse(SLOW), slow);
        collect(
                uri(
                        SLOW,
                        GOOD,
                        "windowTimeout=1000",
                        "maxRetries=0",
                        "maxConcurrentWindows=1",
                        "maxConcurrentQueries=1",
                        "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(mixpanel.queries())
                .as("the only thread and query are free for the next window")
                .extracting(query -> query.fromDate().toString())
                .containsExactly(SLOW, GOOD);
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElseThrow())
                .startsWith("Window " + SLOW)
                .contains("was not complete within windowTimeout=PT1S")
                .contains(hint);
    }
}
