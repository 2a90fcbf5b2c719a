package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several applications, each a CamelContext with a state directory of its own, on one database. */
@ParameterizedClass
@MethodSource(StateKind.ALL)
abstract class DatabaseTestSupport extends ExportTestSupport {

    static final String DAY = "2026-10-05";

    @Parameter StateKind kind;

    BreakingDataSource dataSource;

    private final List<Node> nodes = new ArrayList<>();

    /** An application; it takes over at once what is free, instead of within 5 s. */
    final class Node {

        final String name;
        final CamelContext camel;
        final List<String> got = Collections.synchronizedList(new ArrayList<>());

        Node(String name) throws Exception {
            this(name, Duration.ZERO);
        }

        Node(String name, Duration clockAhead) throws Exception {
            this.name = name;
            camel = newContext();
            camel.getComponent("mixpanel-export", MixpanelExportComponent.class)
                    .setTime(
                            ShiftedTime.ahead(clockAhead),
                            () -> Instant.EPOCH.plusNanos(System.nanoTime()),
                            (monitor, atMost) -> monitor.wait(10));
            if (dataSource() != null) {
                camel.getRegistry().bind("db", dataSource());
            }
            nodes.add(this);
        }

        /** With the directory alone, all have the same one. */
        Path directory() {
            return kind == StateKind.DIRECTORY ? state() : temp.resolve(name);
        }

        String endpoint(String fromDate, String toDate, String... options) {
            List<String> all = new ArrayList<>(List.of(options));
            all.add("stateDirectory=" + directory());
            if (dataSource() != null) {
                all.add("dataSource=#bean:db");
            }
            return uri(fromDate, toDate, all.toArray(String[]::new));
        }

        Node route(String uri) throws Exception {
            return route(uri, () -> {});
        }

        Node route(String uri, Step before) throws Exception {
            camel.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri)
                                    .routeId("export")
                                    .process(
                                            exchange -> {
                                                before.take();
                                                got.add(
                                                        exchange.getMessage()
                                                                .getBody(String.class));
                                            });
                        }
                    });
            return this;
        }

        Node start() {
            camel.start();
            return this;
        }

        MixpanelExportConsumer consumer() {
            return (MixpanelExportConsumer) camel.getRoute("export").getConsumer();
        }

        HealthCheck.Result health() {
            return consumer().getHealthCheck().call();
        }

        Node awaitFirstPoll() {
            await().until(() -> consumer().isFirstPollDone());
            return this;
        }
    }

    /** What a route does with an event. */
    @FunctionalInterface
    interface Step {
        void take() throws Exception;
    }

    BreakingDataSource dataSource() {
        try {
            if (dataSource == null && kind != StateKind.DIRECTORY) {
                dataSource = new BreakingDataSource(kind.newDatabase());
            }
            return dataSource;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As if no node had renewed what it has for long. */
    void leasesRunOut() throws SQLException {
        setExpires("CURRENT_TIMESTAMP");
    }

    /**
     * Starts a node with onStateInUse=WAIT, for which what the others have runs out, however often
     * they renew it meanwhile.
     */
    Node takesOver(Node node) throws SQLException {
        String theirs = " WHERE fence <= " + lastFence(); // the node's own is higher
        node.start();
        await().until(
                        () -> {
                            boolean done = node.consumer().standby().isEmpty();
                            if (!done) {
                                setExpires("CURRENT_TIMESTAMP" + theirs);
                            }
                            return done;
                        });
        return node;
    }

    private long lastFence() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet last =
                        statement.executeQuery("SELECT max(fence) FROM mixpanel_export_owner")) {
            last.next();
            return last.getLong(1);
        }
    }

    /** So that what a dead node has does not run out while a busy machine starts the next one. */
    void leasesLastAnHourMore() throws SQLException {
        setExpires("expires + INTERVAL '1' HOUR");
    }

    private void setExpires(String time) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE mixpanel_export_owner SET expires = " + time);
        }
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(node -> node.camel.stop());
    }

    static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }
}
