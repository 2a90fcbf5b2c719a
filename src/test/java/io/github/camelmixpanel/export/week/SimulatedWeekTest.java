package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.testkit.FullBuild;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole weeks in virtual time: events late by up to six days, repeated, merged, compacted and
 * deleted; broken answers, restarts and crashes at any step; and what is promised holds.
 *
 * <p>A seed decides all but how the threads of the process take turns. {@code -Dweek.seed=17} runs
 * one, {@code -Dweek.seeds=5000} more than the usual 20, or 200 in the full build, {@code
 * -Dweek.first=201} all but the first 200 of them.
 */
class SimulatedWeekTest {

    private static final String LOGGER = "io.github.camelmixpanel.export";

    private static final String CAMEL = "org.apache.camel";

    private static CamelContext context;

    @TempDir Path folder;

    static LongStream seeds() {
        Long one = Long.getLong("week.seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.rangeClosed(
                        Long.getLong("week.first", 1),
                        Long.getLong("week.seeds", FullBuild.IS_RUNNING ? 200 : 20));
    }

    static LongStream fewSeeds() {
        return Long.getLong("week.seed") == null && Long.getLong("week.seeds") == null
                ? LongStream.rangeClosed(1, FullBuild.IS_RUNNING ? 40 : 4)
                : seeds();
    }

    @BeforeAll
    static void start() {
        // warnings of faults that are meant would fill the log
        boolean one = Long.getLong("week.seed") != null;
        Configurator.setLevel(LOGGER, one ? Level.INFO : Level.OFF);
        Configurator.setLevel(CAMEL, one ? Level.INFO : Level.OFF);
        context = new DefaultCamelContext();
    }

    @AfterAll
    static void stop() throws Exception {
        context.close();
        Configurator.setLevel(LOGGER, Level.WARN);
        Configurator.setLevel(CAMEL, Level.WARN);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void keepsItsPromises(long seed) throws Exception {
        keepsItsPromises(new Week(seed), null);
    }

    /** The ledger, the quota log and the keys are in a database, and each crash takes the disk. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewSeeds")
    void keepsItsPromisesInADatabase(long seed) throws Exception {
        try (WeeksDatabase database = new WeeksDatabase(seed)) {
            keepsItsPromises(new Week(seed), database);
        }
    }

    private void keepsItsPromises(Week week, WeeksDatabase database) {
        try (WeekRun run = new WeekRun(week, folder, context, database)) {
            run.run();
            new Promise(run).check();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(week + "\n" + e.getMessage(), e);
        }
    }
}
