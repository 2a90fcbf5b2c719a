package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.option.OnFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A database transaction an event: what is rolled back is handed out again. */
class TransactedRoutesTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 200;
    private static final Set<String> ALL = Set.of(lines(DAY, EVENTS));
    private static final String POISON = lines(DAY, EVENTS)[4];

    /** How often the poison event was handed out, and left by the error handler. */
    private final AtomicInteger handOuts = new AtomicInteger();

    private final AtomicInteger exhausted = new AtomicInteger();
    private final JdbcConnectionPool database =
            JdbcConnectionPool.create("jdbc:h2:mem:events;DB_CLOSE_DELAY=-1", "sa", "");
    private final JdbcTemplate sql = new JdbcTemplate(database);

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.getRegistry()
                .bind(
                        "required",
                        new SpringTransactionPolicy(new DataSourceTransactionManager(database)));
        return fresh;
    }

    @AfterEach
    void dropDatabase() {
        context.stop();
        sql.execute("shutdown");
        database.dispose();
    }

    private enum Failing {
        THROWS,
        ROLLS_BACK
    }

    /**
     * @param failures how often the poison event fails, after its insert
     */
    private void start(String uri, Failing how, int failures) throws Exception {
        sql.execute("create table event (line varchar(1000))");
        mixpanel.addEvents(lines(DAY, EVENTS));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(IllegalStateException.class)
                                .process(e -> exhausted.incrementAndGet());
                        var failing =
                                from(uri)
                                        .routeId("export")
                                        .transacted("required")
                                        .process(TransactedRoutesTest.this::insert)
                                        .filter(this::fails);
                        if (how == Failing.THROWS) {
                            failing.throwException(new IllegalStateException("poison"));
                        } else {
                            failing.markRollbackOnly();
                        }
                    }

                    private boolean fails(Exchange exchange) {
                        return exchange.getMessage().getBody(String.class).equals(POISON)
                                && handOuts.incrementAndGet() <= failures;
                    }
                });
        context.start();
    }

    private void insert(Exchange exchange) {
        sql.update("insert into event values (?)", exchange.getMessage().getBody(String.class));
    }

    private List<String> rows() {
        return sql.queryForList("select line from event", String.class);
    }

    private boolean isCommitted() throws Exception {
        return ledger().contains("\"committed\"");
    }

    @ParameterizedTest
    @EnumSource(Failing.class)
    void handOutAgainWhatWasRolledBack(Failing how) throws Exception {
        start(uri(DAY, DAY, "maxRedeliveries=5"), how, 3);
        await().until(this::isCommitted);

        assertThat(rows()).hasSize(EVENTS);
        assertThat(Set.copyOf(rows())).isEqualTo(ALL);
        assertThat(handOuts.get()).isEqualTo(4);
        assertThat(exhausted.get()).isEqualTo(how == Failing.THROWS ? 3 : 0);
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void haveNoRowOfWhatNeverCommits(OnFailure onFailure) throws Exception {
        start(
                uri(
                        DAY,
                        DAY,
                        "maxRedeliveries=2",
                        "onFailure=" + onFailure,
                        "bridgeErrorHandler=true"),
                Failing.THROWS,
                Integer.MAX_VALUE);
        await().until(this::isCommitted);

        assertThat(rows()).hasSize(EVENTS - 1).doesNotContain(POISON);
        assertThat(handOuts.get()).isEqualTo(onFailure == OnFailure.RETRY ? 3 : 1);
        assertThat(exhausted.get()).isEqualTo(handOuts.get());
        Path parked = exportFolder().resolve("parked/" + DAY + ".g1.tsv");
        assertThat(Files.exists(parked)).isEqualTo(onFailure != OnFailure.SKIP);
    }
}
