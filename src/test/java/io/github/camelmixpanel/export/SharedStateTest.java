package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** What exports may share, and what stops a second one at its start. */
class SharedStateTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private void second(String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).routeId("second").process(e -> received.add(Received.of(e)));
                    }
                });
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    @Test
    void refusesASecondConsumerOfTheSameName() throws Exception {
        collect(uri(DAY, DAY));
        second(uri(DAY, DAY, "where=true"));

        assertThatThrownBy(() -> context.start())
                .extracting(SharedStateTest::root, as(THROWABLE))
                .hasMessage(
                        "mixpanel-export:test is already running in this CamelContext: an export name belongs"
                                + " to one consumer. Give the other one another name, or share its events with"
                                + " multicast.");
    }

    @Test
    void runsTheFirstOnAfterASecondWasRefused() throws Exception {
        inOrder();
        mixpanel.addEvents(lines(DAY, 2_000));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        handle(
                uri(DAY, DAY, "repeatCount=1"),
                e -> {
                    begun.countDown();
                    refused.await();
                    received.add(Received.of(e));
                });
        context.start();
        begun.await();

        assertThatThrownBy(() -> second(uri(DAY, DAY, "where=true")))
                .hasMessageContaining("is already running");
        refused.countDown();

        await().until(() -> consumer().isFirstPollDone());
        assertThat(bodies()).containsExactly(lines(DAY, 2_000));
    }

    @Test
    void sharesOneQuotaBetweenExportsOfAProject() throws Exception {
        collect(uri("2026-08-01", "2026-09-09", "repeatCount=1"));
        second(
                uri("2026-08-01", "2026-09-09", "repeatCount=1")
                        .replace("mixpanel-export:test", "mixpanel-export:other"));
        context.start();

        await().until(() -> mixpanel.queries().size() == 60);
        assertThat(mixpanel.refused()).isZero();
    }

    @Test
    void sharesOneQuotaWhateverTheCredentialAndTheComponentInstance() throws Exception {
        mixpanel.acceptProjectSecret("abc");
        context.addComponent("mixpanel-two", new MixpanelExportComponent());
        String days = uri("2026-08-01", "2026-09-09", "repeatCount=1");
        collect(days);
        second(
                days.replace("mixpanel-export:test", "mixpanel-two:other")
                        .replace("serviceAccount=account&", "projectSecret=abc&")
                        .replace("serviceAccountSecret=RAW(s3cr&t+%)&", ""));
        context.start();

        await().until(() -> mixpanel.queries().size() == 60);
        assertThat(mixpanel.refused()).isZero();
        assertThat(mixpanel.queries())
                .extracting(query -> query.headers().get("authorization"))
                .containsOnly("Basic accepted");
        assertThat(state().resolve("queries")).isDirectoryContaining("glob:**/127.0.0.1-7.log");
        try (Stream<Path> logs = Files.list(state().resolve("queries"))) {
            assertThat(logs).hasSize(1);
        }
    }

    @Test
    void goesOnWhenACredentialIsRotated() throws Exception {
        mixpanel.close();
        mixpanel = MixpanelSimulator.builder().accessToken("first").accessToken("second").start();
        mixpanel.addEvents(lines(DAY, 3));
        String first =
                uri(DAY, DAY)
                        .replace("serviceAccount=account&", "accessToken=first&")
                        .replace("serviceAccountSecret=RAW(s3cr&t+%)&", "");
        collect(first);
        context.start();
        await().until(() -> ledger().contains("\"committed\""));
        restart();
        mixpanel.addEvents(lines("2026-10-06", 3));
        collect(first.replace("=first", "=second").replace("toDate=" + DAY, "toDate=2026-10-06"));
        context.start();

        await().until(() -> received.size() == 6);
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void refusesAnotherOpinionOfTheLimits() throws Exception {
        collect(uri(DAY, DAY));
        second(
                uri(DAY, DAY, "queriesPerHour=30")
                        .replace("mixpanel-export:test", "mixpanel-export:other"));

        assertThatThrownBy(() -> context.start())
                .extracting(SharedStateTest::root, as(THROWABLE))
                .hasMessageStartingWith(
                        "mixpanel-export:other and mixpanel-export:test export the same project")
                .hasMessageContaining(
                        "queriesPerHour, queriesPerSecond and maxConcurrentQueries must be the same");
    }

    @Test
    void refusesAnotherStateDirectoryForTheSameProject() throws Exception {
        collect(uri(DAY, DAY));
        second(
                uri(DAY, DAY, "stateDirectory=" + temp.resolve("elsewhere"))
                        .replace("mixpanel-export:test", "mixpanel-export:other"));

        assertThatThrownBy(() -> context.start())
                .extracting(SharedStateTest::root, as(THROWABLE))
                .hasMessageContaining("so their stateDirectory must be the same");
        assertThat(temp.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void refusesAStateDirectoryOfAnotherContext() throws Exception {
        collect(uri(DAY, DAY));
        context.start();
        CamelContext other = newContext();
        try {
            other.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri(DAY, DAY)).to("log:other");
                        }
                    });

            assertThatThrownBy(other::start)
                    .extracting(SharedStateTest::root, as(THROWABLE))
                    .hasMessageContaining(state().toString());
        } finally {
            other.stop();
        }
    }

    @Test
    void refusesAStateDirectoryOfAnotherProcess() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        try (ForkedExport holder =
                ForkedExport.start(
                        uri(DAY, DAY), temp.resolve("out"), temp.resolve("log"), "-DblockAt=1")) {
            await().until(() -> mixpanel.queries().size() == 1);

            collect(uri(DAY, DAY));
            assertThatThrownBy(() -> context.start())
                    .extracting(SharedStateTest::root, as(THROWABLE))
                    .hasMessageContaining(state().toString())
                    .hasMessageContaining("process " + holder.pid());
        }
    }

    @Test
    void refusesAnotherQueryUnderAKnownName() throws Exception {
        collect(uri(DAY, DAY, "events=view", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        restart();
        collect(uri(DAY, DAY, "events=view,checkout", "repeatCount=1"));

        assertThatThrownBy(() -> context.start())
                .extracting(SharedStateTest::root, as(THROWABLE))
                .hasMessageContaining("events: was \"view\", now \"checkout,view\"")
                .hasMessageContaining("onQueryChange");
    }

    @Test
    void exportsAllDaysAgainWhenTheQueryChangesAndItIsToldTo() throws Exception {
        mixpanel.addEvents(lines(DAY, 5));
        mixpanel.addEvents(
                Stream.of(lines(DAY, 3))
                        .map(line -> line.replace("view", "click").replace(DAY + "-", "click-"))
                        .toArray(String[]::new));
        collect(uri(DAY, DAY, "events=view", "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        assertThat(received).hasSize(5);
        restart();
        collect(uri(DAY, DAY, "repeatCount=1", "onQueryChange=REEXPORT"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(received).as("what the route has had does not come again").hasSize(8);
        assertThat(received.get(7).header(MixpanelExportConstants.GENERATION)).isEqualTo(2);
    }

    @Test
    void keepsWhatIsDoneWhenTheQueryChangesAndItIsToldTo() throws Exception {
        mixpanel.addEvents(lines(DAY, 5)).addEvents(lines("2026-10-06", 5));
        collect(uri(DAY, DAY, "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        restart();
        collect(uri(DAY, "2026-10-06", "events=view", "repeatCount=1", "onQueryChange=KEEP"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(received).hasSize(10);
    }

    @Test
    void addsDaysWhenItIsToBeginEarlier() throws Exception {
        mixpanel.addEvents(lines("2026-10-04", 5)).addEvents(lines(DAY, 5));
        collect(uri(DAY, DAY, "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());
        restart();
        collect(uri("2026-10-04", DAY, "repeatCount=1"));
        context.start();
        await().until(() -> consumer().isFirstPollDone());

        assertThat(received).hasSize(10);
        assertThat(mixpanel.queries()).hasSize(2);
    }
}
