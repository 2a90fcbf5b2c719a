package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportCounts;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot.Activity;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Verdict.Trouble;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import io.github.camelmixpanel.export.internal.observe.SnapshotJson;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.Query;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

/** What the snapshot says is what the simulator has counted, and what JMX and health say. */
class SnapshotTest extends ExportTestSupport {

    @Test
    void agreesWithTheSimulatorAtTheEnd() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 300)).addEvents(lines("2026-10-06", 20));
        mixpanel.addEvents(lines("2026-10-06", 20)); // each a second time
        mixpanel.answer(LocalDate.parse("2026-10-05"), Answer.rateLimited("1"));
        mixpanel.answer(LocalDate.parse("2026-10-06"), Answer.gzipWrongCrc());
        collect(uri("2026-10-05", "2026-10-07", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        ExportSnapshot snapshot = snapshot();

        ExportCounts counts = snapshot.counts();
        assertThat(counts.fromMixpanel().queries())
                .isEqualTo(mixpanel.queries().size())
                .isEqualTo(5);
        assertThat(counts.fromMixpanel().rateLimited()).isEqualTo(1);
        assertThat(counts.fromMixpanel().failedDownloads()).isEqualTo(1);
        assertThat(counts.fromMixpanel().bytes())
                .isEqualTo(
                        mixpanel.queries().stream()
                                .filter(query -> query.status() == 200)
                                .mapToLong(Query::bytes)
                                .sum())
                .isPositive();
        assertThat(counts.toRoute().windows()).isEqualTo(3);
        assertThat(counts.toRoute().events()).isEqualTo(340);
        assertThat(counts.toRoute().acknowledged()).isEqualTo(received.size()).isEqualTo(320);
        assertThat(counts.toRoute().duplicates()).isEqualTo(20);
        assertThat(snapshot.pace().eventsByMinute()).hasSize(60);
        assertThat(snapshot.pace().eventsByMinute().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(320);
        assertThat(snapshot.quota().used()).isEqualTo(5);
        assertThat(snapshot.quota().free()).isEqualTo(55);
        assertThat(snapshot.quota().underWay()).isZero();
        assertThat(snapshot.quota().frees()).isPresent();
        assertThat(snapshot.usage().inFlight()).isZero();
        assertThat(snapshot.usage().spoolBytes()).isZero();
        assertThat(snapshot.pace().lag()).isZero();
        assertThat(snapshot.pace().toGo()).isEmpty();
        assertThat(snapshot.work().windows()).isEmpty();
        assertThat(snapshot.work().days())
                .extracting(day -> day.lastCommit().events().orElseThrow())
                .containsExactly(300L, 40L, 0L);
        assertThat(snapshot.work().days())
                .allMatch(DayStatus::isFinal)
                .allMatch(day -> day.state() == WindowState.COMMITTED);
    }

    @Test
    void tellsHowFarAWindowIsAndWhyAnotherIsStuck() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 10));
        for (int i = 0; i < 3; i++) {
            mixpanel.answer(
                    LocalDate.parse("2026-10-06"),
                    Answer.status(400, "text/plain", "no such thing", Map.of()));
        }
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        handle(
                uri("2026-10-05", "2026-10-07", "maxConcurrentWindows=1"),
                e -> {
                    taken.countDown();
                    goOn.await();
                });
        context.start();
        taken.await();
        await().until(
                        () ->
                                snapshot().work().windows().stream()
                                        .anyMatch(w -> w.trouble().isPresent()));

        ExportSnapshot snapshot = snapshot();

        assertThat(snapshot.activity()).isEqualTo(Activity.POLLING);
        assertThat(snapshot.usage().inFlight()).isEqualTo(1);
        WindowStatus emitting = snapshot.work().windows().get(0);
        assertThat(emitting.state()).isEqualTo(WindowState.EMITTING);
        assertThat(emitting.download().lines()).isEqualTo(10);
        assertThat(emitting.acknowledgedLines()).isZero();
        WindowStatus stuck = snapshot.work().windows().get(1);
        assertThat(stuck.state()).isEqualTo(WindowState.RETRY_WAIT);
        assertThat(stuck.trouble().orElseThrow().text()).contains("400", "no such thing");
        assertThat(stuck.waitsUntil().orElseThrow()).isAfter(snapshot.at());
        assertThat(snapshot.at().plus(snapshot.pace().toGo().orElseThrow()))
                .as("not before the window that waits is asked for again")
                .isAfter(stuck.waitsUntil().orElseThrow().minusSeconds(1));
        assertThat(snapshot.troubles()).singleElement().asString().contains("2026-10-06");
        assertThat(snapshot.work().days().get(1).state()).isEqualTo(WindowState.RETRY_WAIT);
        assertThat(snapshot.pace().lag()).isPositive();
        goOn.countDown();
    }

    @Test
    void tellsWhatIsParkedOfACommittedWindow() throws Exception {
        inOrder();
        mixpanel.addEvents(lines("2026-10-05", 400));
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("2026-10-05", "2026-10-05", "onFailure=PARK"))
                                .routeId("export")
                                .filter(header(MixpanelExportConstants.LINE).isEqualTo(7))
                                .throwException(new IllegalStateException("poison"));
                    }
                });
        context.start();
        await().until(() -> snapshot().counts().toRoute().windows() == 1);

        ExportSnapshot snapshot = snapshot();

        assertThat(snapshot.work().windows()).isEmpty();
        assertThat(snapshot.work().parked())
                .containsExactly(
                        new ParkedWindow(Window.ofDay(LocalDate.parse("2026-10-05")), 1, 1, false));
        String trouble = "window 2026-10-05 (generation 1): 1 event is parked";
        assertThat(snapshot.troubles()).extracting(Trouble::text).containsExactly(trouble);
        assertThat(SnapshotJson.of(snapshot).toJson())
                .contains(
                        "\"parked\":[{\"from\":\"2026-10-05\",\"to\":\"2026-10-05\",\"generation\":1,"
                                + "\"events\":1,\"whole\":false,\"trouble\":\""
                                + trouble
                                + "\"}]");
    }

    @Test
    void isThereBeforeTheStartAndAfterTheStop() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 7));
        collect(uri("2026-10-05", "2026-10-05", "repeatCount=1"));
        context.setAutoStartup(false);
        context.start();
        MixpanelExportConsumer consumer = consumer();
        assertThat(consumer.snapshot()).isEmpty();
        context.getRouteController().startRoute("export");
        await().until(consumer::isFirstPollDone);

        context.getRouteController().stopRoute("export");

        ExportSnapshot last = consumer.snapshot().orElseThrow();
        assertThat(last.activity()).isEqualTo(Activity.STOPPED);
        assertThat(last.counts().toRoute().acknowledged()).isEqualTo(7);
        assertThat(last.work().days()).hasSize(1);
    }

    @Test
    void isShownByJmxAndHealth() throws Exception {
        mixpanel.addEvents(lines("2026-10-05", 7));
        collect(uri("2026-10-05", "2026-10-06", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = mbean();

        assertThat(server.getAttribute(name, "ExportActivity")).isEqualTo("IDLE");
        assertThat(server.getAttribute(name, "EventsExported")).isEqualTo(7L);
        assertThat(server.getAttribute(name, "WindowsCommitted")).isEqualTo(2L);
        assertThat(server.getAttribute(name, "Queries"))
                .isEqualTo((long) mixpanel.queries().size());
        assertThat(server.getAttribute(name, "QuotaFree")).isEqualTo(58L);
        assertThat(server.getAttribute(name, "SecondsToGo")).isEqualTo(-1L);
        assertThat(server.getAttribute(name, "DoneAt")).isEqualTo("");
        assertThat(server.getAttribute(name, "QueriesToGo")).isEqualTo(0L);
        assertThat(server.getAttribute(name, "BytesToGo")).isEqualTo(0L);
        assertThat(server.getAttribute(name, "RouteId")).isEqualTo("export"); // Camel's own
        assertThat((String) server.invoke(name, "exportStatus", null, null))
                .contains("\"export\":\"test\"", "\"day\":\"2026-10-05\"");
        HealthCheck.Result health = health();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(health.getDetails())
                .containsEntry("mixpanel.windows.committed", 2L)
                .containsEntry("mixpanel.quota.free", 58);
    }

    private ExportSnapshot snapshot() {
        return consumer().snapshot().orElseThrow();
    }
}
