package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.LogRecorder;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.logging.log4j.Level;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exports whose ledger, quota log, keys and parked events are in a database. */
class StateInDatabaseTest extends DatabaseTestSupport {

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @BeforeEach
    void onlyWithADatabase() {
        assumeThat(kind).isNotEqualTo(StateKind.DIRECTORY);
    }

    @Test
    void goesOnOnAnotherMachine() throws Exception {
        mixpanel.addEvents(lines(DAY, 20)).addEvents(lines("2026-10-06", 10));
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start().awaitFirstPoll();
        a.camel.stop();
        Node b = new Node("b");
        b.route(b.endpoint(DAY, "2026-10-06")).start().awaitFirstPoll();

        assertThat(a.got).containsExactly(lines(DAY, 20));
        assertThat(b.got).containsExactly(lines("2026-10-06", 10));
        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(b.consumer().snapshot().orElseThrow().quota().free())
                .as("queries that the other machine has started count")
                .isEqualTo(58);
        assertThat(b.directory().resolve("exports/test/ledger.jsonl")).exists();
        assertIsItsOwnersAlone(b.directory());
    }

    @Test
    void repeatsNothingThatWasFlushedWhenAMachineIsLost() throws Exception {
        mixpanel.addEvents(lines(DAY, 30));
        CountDownLatch never = new CountDownLatch(1);
        List<String> taken = new ArrayList<>();
        Node a = new Node("a");
        a.route(
                        a.endpoint(DAY, DAY),
                        () -> {
                            if (taken.size() == 20) {
                                never.await();
                            }
                            taken.add("one");
                        })
                .start();
        await().until(() -> taken.size() == 20);
        try {
            Node b = new Node("b");
            takesOver(b.route(b.endpoint(DAY, DAY, "onStateInUse=WAIT"))).awaitFirstPoll();

            List<String> all = new ArrayList<>(a.got);
            all.addAll(b.got);
            assertThat(all).contains(lines(DAY, 30));
            assertThat(mixpanel.queries()).as("a lost download costs one").hasSize(2);
        } finally {
            never.countDown();
        }
    }

    @Test
    void aStaleOwnerEmitsNothingFurther() throws Exception {
        mixpanel.addEvents(lines(DAY, 200));
        CountDownLatch go = new CountDownLatch(1);
        Node a = new Node("a");
        a.route(
                        a.endpoint(DAY, DAY),
                        () -> {
                            if (a.got.size() == 50) {
                                go.await();
                            }
                        })
                .start();
        await().until(() -> a.got.size() == 50);
        Node b = new Node("b");
        takesOver(b.route(b.endpoint(DAY, DAY, "onStateInUse=WAIT"))).awaitFirstPoll();
        assertThat(b.got.size()).isBetween(150, 200);

        String taken = "The state of exports/test was taken over by process";
        await().until(() -> a.health().getMessage().orElse("").contains(taken));
        assertThat(a.health().getState()).isEqualTo(HealthCheck.State.DOWN);
        go.countDown();
        await().until(() -> a.got.size() == 51);
        a.camel.stop();
        assertThat(a.got).as("that which was in the route").hasSize(51);
        assertThat(b.health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void aStaleOwnerThatIsToldToWaitIsAStandbyThen() throws Exception {
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY, "onStateInUse=WAIT")).start().awaitFirstPoll();
        Node b = new Node("b");
        takesOver(b.route(b.endpoint(DAY, DAY, "onStateInUse=WAIT"))).awaitFirstPoll();

        await().until(() -> a.consumer().standby().isPresent());
        b.camel.stop();
        await().until(() -> a.consumer().standby().isEmpty());
        assertThat(a.health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void goesOnWhenConnectionsBreak() throws Exception {
        mixpanel.addEvents(lines(DAY, 20));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Node running = new Node("a");
        running.route(
                        running.endpoint(DAY, DAY),
                        () -> {
                            begun.countDown();
                            started.await();
                        })
                .start();
        begun.await();
        int[] steps = {0};
        dataSource.whenCommitting(
                () -> {
                    if (++steps[0] % 5 < 3) {
                        throw new SQLException("Connection reset", "08006");
                    }
                });
        started.countDown();
        await().until(() -> running.got.size() >= 20);

        dataSource.whenCommitting(() -> {});
        await().until(() -> running.health().getState() == HealthCheck.State.UP);
        assertThat(running.got).containsOnly(lines(DAY, 20));
    }

    @Test
    void goesOnWhenTheServerEndsEveryConnection() throws Exception {
        assumeThat(kind).isEqualTo(StateKind.POSTGRESQL);
        mixpanel.addEvents(lines(DAY, 200));
        int[] count = {0};
        Node a = new Node("a");
        a.route(
                        a.endpoint(DAY, DAY),
                        () -> {
                            if (++count[0] % 50 == 0) {
                                endConnections();
                            }
                        })
                .start();

        await().until(() -> a.got.size() >= 200);
        assertThat(a.got).containsOnly(lines(DAY, 200));
        await().until(() -> a.health().getState() == HealthCheck.State.UP);
    }

    private void endConnections() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
        }
    }

    @Test
    void countsTheQueriesOfAMachineWithAnotherClock() throws Exception {
        Node a = new Node("a", Duration.ofHours(-3));
        a.route(a.endpoint(DAY, DAY)).start().awaitFirstPoll();
        a.camel.stop();
        Node b = new Node("b");
        b.route(b.endpoint(DAY, "2026-10-06")).start().awaitFirstPoll();

        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(b.consumer().snapshot().orElseThrow().quota().free())
                .as("by its own clock the other one has asked three hours ago")
                .isEqualTo(58);
    }

    @Test
    void resumesOnAnotherMachineWhatIsParked() throws Exception {
        mixpanel.addEvents(lines(DAY, 200));
        int[] count = {0};
        Node a = new Node("a");
        a.route(
                        a.endpoint(DAY, DAY, "onFailure=PARK"),
                        () -> {
                            if (++count[0] == 7) {
                                throw new IllegalStateException("poison");
                            }
                        })
                .start()
                .awaitFirstPoll();
        a.camel.stop();
        assertThat(a.got).hasSize(199);
        Node b = new Node("b");
        b.route(b.endpoint(DAY, DAY)).start().awaitFirstPoll();
        assertThat(b.consumer().resumeParked(DAY, DAY)).containsExactly(DAY);

        await().until(() -> b.got.size() == 1);
        await().until(() -> b.health().getState() == HealthCheck.State.UP);
        assertThat(b.got).containsExactly(lines(DAY, 200)[6]);
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void keepsTwoProjectsApart() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        mixpanel.acceptServiceAccount("account", "other", "8");
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start().awaitFirstPoll();
        Node b = new Node("b");
        b.route(
                        b.endpoint(DAY, DAY, "projectId=8", "serviceAccountSecret=other")
                                .replace("mixpanel-export:test", "mixpanel-export:other"))
                .start()
                .awaitFirstPoll();

        assertThat(a.got).hasSize(10);
        assertThat(b.got).hasSize(10);
        assertThat(scopes())
                .containsExactly(
                        "exports/other",
                        "exports/test",
                        "queries/127.0.0.1-7",
                        "queries/127.0.0.1-8");
    }

    private List<String> scopes() throws SQLException {
        List<String> scopes = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT DISTINCT scope FROM mixpanel_export_file ORDER BY scope")) {
            while (row.next()) {
                scopes.add(row.getString(1));
            }
        }
        return scopes;
    }

    @Test
    void refusesAnotherOpinionOfTheDatabase() throws Exception {
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start();

        assertThatThrownBy(
                        () ->
                                a.camel.addRoutes(
                                        new RouteBuilder() {
                                            @Override
                                            public void configure() {
                                                from(a.endpoint(DAY, DAY)
                                                                .replace("&dataSource=#bean:db", "")
                                                                .replace(":test", ":other"))
                                                        .to("log:other");
                                            }
                                        }))
                .extracting(DatabaseTestSupport::root, as(THROWABLE))
                .hasMessageContaining(
                        "export the same project and share its quota, so their dataSource must be the"
                                + " same: found none where another is in use");
    }

    @Test
    void asksForDaysAgainWhereTheConsumerDoesNotRun() throws Exception {
        mixpanel.addEvents(lines(DAY, 10));
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start().awaitFirstPoll();
        a.camel.stop();
        Node asking = new Node("asking");
        asking.camel.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again").to(asking.endpoint(DAY, DAY, "operation=REEXPORT"));
                    }
                });
        asking.start();
        assertThat(asking.camel.createProducerTemplate().requestBody("direct:again", (Object) null))
                .isEqualTo(List.of(DAY));
        asking.camel.stop();
        Node b = new Node("b");
        b.route(b.endpoint(DAY, DAY)).start().awaitFirstPoll();

        assertThat(b.got).as("a repair brings nothing that the route has had").isEmpty();
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void refusesToAskForDaysAgainWhileAnotherProcessHasThem() throws Exception {
        Node asking = new Node("asking");
        asking.camel.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:again").to(asking.endpoint(DAY, DAY, "operation=REEXPORT"));
                    }
                });
        asking.start();
        update(
                "INSERT INTO mixpanel_export_owner VALUES ('exports/test', 7, 'process 9 on host"
                        + " far', CURRENT_TIMESTAMP + INTERVAL '20' SECOND, 0)");

        Exchange answer =
                asking.camel.createProducerTemplate().request("direct:again", exchange -> {});
        assertThat(answer.getException())
                .hasMessageContaining("exports/test")
                .hasMessageContaining("in use by process 9 on host far");
    }

    private void update(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void isNeverLookedUpByItsType() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY).replace("&dataSource=#bean:db", "")).start().awaitFirstPoll();

        MixpanelExportComponent component =
                a.camel.getComponent("mixpanel-export", MixpanelExportComponent.class);
        assertThat(a.camel.getRegistry().findByType(javax.sql.DataSource.class)).hasSize(1);
        assertThat(component.getConfiguration().getDataSource()).isNull();
        assertThat(
                        ((MixpanelExportEndpoint) a.consumer().getEndpoint())
                                .settings()
                                .state()
                                .dataSource())
                .isNull();
        assertThat(a.got).hasSize(3);
        assertThat(a.directory().resolve("exports/test/kept-in-database")).doesNotExist();
    }

    @Test
    void goesOnWithAFolderAloneOnlyWhenItIsTold() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        Node a = new Node("a");
        a.route(a.endpoint(DAY, DAY)).start().awaitFirstPoll();
        a.camel.stop();
        Node b = new Node("a");
        b.route(b.endpoint(DAY, DAY).replace("&dataSource=#bean:db", ""));
        assertThatThrownBy(b::start)
                .extracting(DatabaseTestSupport::root, as(THROWABLE))
                .hasMessageContaining("is a working copy of state that is kept in a database");

        Files.delete(a.directory().resolve("exports/test/kept-in-database"));
        Node c = new Node("a");
        c.route(c.endpoint(DAY, DAY).replace("&dataSource=#bean:db", "")).start().awaitFirstPoll();
        assertThat(c.got).isEmpty();
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void tellsNoSecretOfTheDatabase() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.DEBUG)) {
            Node a = new Node("a");
            a.route(a.endpoint(DAY, DAY)).start().awaitFirstPoll();
            dataSource.whenConnecting(
                    () -> {
                        throw new SQLException(
                                "cannot open jdbc:postgresql://canary/db?user=canary&password=canary"
                                        + " for user \"canary\", password=canary",
                                "28000");
                    });
            a.camel.stop();
            Node b = new Node("b");
            b.route(b.endpoint(DAY, DAY));
            assertThatThrownBy(b::start)
                    .hasStackTraceContaining("Cannot open the database of dataSource")
                    .hasStackTraceContaining("28000")
                    .extracting(Throwables::getStackTrace, as(STRING))
                    .doesNotContain("canary");
            for (Level level : List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG)) {
                assertThat(log.lines(level)).noneMatch(line -> line.contains("canary"));
            }
        }
    }
}
