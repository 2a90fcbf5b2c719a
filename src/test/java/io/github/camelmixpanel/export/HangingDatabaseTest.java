package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.database.StateKind;
import io.github.camelmixpanel.export.testkit.BreakingDataSource;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two exports of one application, each with its state in a database of its own. */
class HangingDatabaseTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private BreakingDataSource hanging;
    private volatile Duration ahead = Duration.ZERO;
    private CamelContext other;

    @BeforeEach
    void haveTwoDatabases() throws Exception {
        DataSource database = StateKind.H2.newDatabase();
        hanging = new BreakingDataSource(database);
        context.getRegistry().bind("hanging", hanging);
        context.getRegistry().bind("fine", StateKind.H2.newDatabase());
        context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(
                        Instant::now,
                        () -> Instant.EPOCH.plusNanos(System.nanoTime()).plus(ahead),
                        (monitor, atMost) -> monitor.wait(10));
        other = newContext();
        other.getRegistry().bind("hanging", database); // it answers this one
        mixpanel.addEvents(lines(DAY, 3));
    }

    @AfterEach
    void letGo() {
        end.countDown();
        other.stop();
    }

    private String export(String name, String database, String... options) {
        return uri(DAY, DAY, options)
                .replace("mixpanel-export:test", "mixpanel-export:" + name)
                .replace(state().toString(), temp.resolve(name).toString())
                .replace("projectId=7", "projectId=7&dataSource=%23bean:" + database);
    }

    private static RouteBuilder route(String id, String uri, boolean start) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId(id).autoStartup(start).process(exchange -> {});
            }
        };
    }

    /** From now on. */
    private void hang() {
        hanging.whenConnecting(
                () -> {
                    hangs.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Test
    void holdsUpNoHealthCheck() throws Exception {
        context.addRoutes(route("export", export("a", "hanging", "delay=1h"), true));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        hang();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                consumer().reexport(DAY, DAY, "REPAIR");
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        // the common pool may have one thread, which this holds
                        work -> new Thread(work).start());
        hangs.await();

        Patiently.get(CompletableFuture.supplyAsync(this::health));

        assertThat(writing).isNotDone();
    }

    @Test
    void showsThoughAStandbyHadBeenWell() throws Exception {
        other.addRoutes(route("a", export("a", "hanging", "stateDirectory=" + temp), true));
        other.start();
        context.addRoutes(route("export", export("a", "hanging", "onStateInUse=WAIT"), true));
        context.start();
        await().until(() -> consumer().standby().isPresent());
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);

        hanging.whenConnecting(
                () -> {
                    throw new SQLException("out of connections");
                });
        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        hanging.whenConnecting(() -> {});

        await().until(() -> consumer().standby().isPresent());
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void showsInTheHealthOfAStandbyThatItHangs() throws Exception {
        other.addRoutes(route("a", export("a", "hanging", "stateDirectory=" + temp), true));
        other.start();
        context.addRoutes(route("export", export("a", "hanging", "onStateInUse=WAIT"), true));
        context.start();
        await().until(() -> consumer().standby().isPresent());
        hang();
        hangs.await();
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);

        ahead = Duration.ofMinutes(6);

        await().until(() -> health().getState() == HealthCheck.State.DOWN);
        assertThat(health().getMessage().orElseThrow())
                .startsWith("opening the state has taken 6 minutes: the database does not answer");
        assertThat(health().getDetails()).containsKey("mixpanel.standby");
        hanging.whenConnecting(() -> {});
        end.countDown();
        await().until(() -> health().getState() == HealthCheck.State.UP);
    }

    @Test
    void holdsUpNoExportThatHasAnotherOne() throws Exception {
        other.addRoutes(route("a", export("a", "hanging", "stateDirectory=" + temp), true));
        other.start();
        context.addRoutes(route("a", export("a", "hanging", "onStateInUse=WAIT"), true));
        String fine =
                export("b", "fine", "onStateInUse=WAIT").replace("projectId=7", "projectId=8");
        context.addRoutes(route("b", fine, false));
        context.start();
        hang();
        hangs.await(); // the standby holds what it needs to open the export

        CompletableFuture<Void> started =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                context.getRouteController().startRoute("b");
                                context.getRouteController().stopRoute("b");
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        Patiently.get(started);

        assertThat(end.getCount()).as("it still hangs").isOne();
    }
}
