package io.github.camelmixpanel.export.internal.pipeline.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rule as a table. Exchanges in their order: {@code t} taken, {@code r} taken that had failed
 * before, {@code f} failed for the first time, {@code a} failed again, {@code g} of another window
 * failed for the first time; {@code |} ends a pass that leaves little of its window failed, {@code
 * #} one that leaves much of it, {@code .} one that leaves little and took all else, {@code !} one
 * that leaves much and took all else. {@code +} blames the events, {@code -} the route, {@code ?}
 * either.
 */
class RouteHealthTest {

    @ParameterizedTest(name = "{0} blames {1}: {2}")
    @CsvSource({
        "tt|, +, nothing fails",
        "ft|, +, the route took an event since",
        "f|, -, the route took nothing since",
        "tf|, -, what it took before does not count",
        "ft#, +, much fails and nothing recovers",
        "fft#ta#, -+, it may have come back in the middle of the first pass",
        "f|t|a|, --+, what failed before it came back has one more try",
        "f|a|a|, ---, nothing tells a last poison event from a route that is down",
        "f|t|a|f|, --+-, it goes down once more",
        "f|r|a|, --+, little fails where it recovers",
        "ft#r#, +-, it takes what it failed before: it comes and goes",
        "ft#r#a#, +--, it has taken nothing since",
        "ft#r#t#a#, +--+, after one more try it is up",
        "ft#r#t#r#t#a#, +----+, it comes and goes until a pass recovers nothing",
        "ft#ra|, ++, little fails while it recovers",
        "tf., +, the last of a window",
        "f.a.a., +++, an earlier run has taken all else",
        "tfg., +, the last of each of two windows",
        "tff., ?, a second one of the window failed",
        "tff.a.a., ???, and nothing was taken since",
        "tff!, -, the same where much failed",
        "tff.ta.a., ?-+, it came back, after one more try",
        "tf|a.a., --+, the pass before did not reach the end",
    })
    void tellsAPoisonEventFromARouteThatIsDown(String exchanges, String blames, String why) {
        RouteHealth route = new RouteHealth();
        RouteHealth.Passes passes = new RouteHealth.Passes();
        StringBuilder found = new StringBuilder();
        long last = -1;
        long lastOfOther = -1;
        boolean inARow = false;

        for (char each : exchanges.toCharArray()) {
            switch (each) {
                case 't' -> route.taken(false);
                case 'r' -> route.taken(true);
                case 'f' -> {
                    long before = last;
                    last = route.failedFirst(before);
                    inARow |= last == before;
                }
                case 'g' -> lastOfOther = route.failedFirst(lastOfOther);
                case 'a' -> {} // one that failed before says nothing new
                default ->
                        found.append(
                                switch (route.judge(
                                        passes,
                                        each == '#' || each == '!',
                                        each == '.' || each == '!',
                                        inARow)) {
                                    case EVENTS -> '+';
                                    case ROUTE -> '-';
                                    case EITHER -> '?';
                                });
            }
        }

        assertThat(found).as(why).hasToString(blames);
    }

    @ParameterizedTest(name = "{0}, {1} tries of {2}, often {3}, unproven for {4}: {5}")
    @CsvSource({
        "ROUTE, 9, 5, true, PT48H, false",
        "EVENTS, 5, 5, true, , false",
        "EVENTS, 6, 5, false, , true",
        "EVENTS, 6, 5, true, PT59M, false",
        "EVENTS, 6, 5, false, PT1H, true",
        "EVENTS, 0, 0, false, PT0S, false",
        "EVENTS, 1, 0, false, PT0S, true",
        "EITHER, 9, 5, true, PT23H, false",
        "EITHER, 0, 5, true, PT24H, true",
        "EITHER, 9, 5, false, PT24H, false",
        "EITHER, 1, 5, true, , true",
    })
    void parksWhatIsProvenOrFailsForLong(
            RouteHealth.Verdict verdict,
            int tries,
            int allowed,
            boolean often,
            Duration unproven,
            boolean parks) {
        assertThat(RouteHealth.isPoison(verdict, tries, allowed, often, unproven)).isEqualTo(parks);
    }

    @ParameterizedTest(name = "{0} tries of {1}, unproven for {2}: {3}")
    @CsvSource({
        "4, 5, PT1M, PT0S",
        "5, 5, PT8M, PT52M",
        "5, 5, , PT0S",
        "1, 0, PT0S, PT0S",
    })
    void spreadsTheTriesOfWhatIsNotProven(
            int tries, int allowed, Duration unproven, Duration wait) {
        assertThat(RouteHealth.untilLastTry(tries, allowed, unproven)).isEqualTo(wait);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"---, 123", "+--, 123", "--+--, 12123", "++-, 112"})
    void countsPassesInARowThatTookNothing(String anyTaken, String counts) {
        RouteHealth.Passes passes = new RouteHealth.Passes();
        StringBuilder found = new StringBuilder();

        anyTaken.chars().forEach(each -> found.append(passes.failed(each == '+')));

        assertThat(found).hasToString(counts);
    }

    @ParameterizedTest
    @CsvSource({"1", "5"})
    void countsFromTheBeginningAfterARestart(int before) {
        RouteHealth.Passes passes = new RouteHealth.Passes();
        for (int i = 0; i < before; i++) {
            passes.failed(false);
        }

        passes.restart();

        assertThat(passes.failed(false)).isEqualTo(1);
    }
}
