package io.github.camelmixpanel.export.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.ledger.OpenWindow;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.limit.QueryLog;
import io.github.camelmixpanel.export.internal.limit.WaitListener;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.board.Findings;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.route.Acknowledgement;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.internal.spool.SpoolWriter;
import io.github.camelmixpanel.export.internal.spool.SpooledFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An export without a server: the part that downloads is replaced, all others are real. */
@Timeout(60)
class ExportPartsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 10, 5);
    private static final String LINE =
            """
            {"event":"order","properties":{"time":1791200000,"distinct_id":"u","$insert_id":"i"}}
            """;

    @TempDir Path state;
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-10-20T12:00:00Z"));
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final RecordingSink sink = new RecordingSink();

    @AfterEach
    void stopThreads() {
        pool.shutdownNow();
    }

    @Test
    void exportsWhatAReplacedPartDownloads() throws Exception {
        try (Parts export = new Parts()) {
            assertThat(export.poll(() -> true)).isEqualTo(1);
        }

        assertThat(sink.events).extracting(ExportEvent::insertId).containsExactly("i");
        assertThat(sink.committed).extracting(WindowSummary::window).containsExactly(window());
    }

    @Test
    void makesEachPartOnce() throws Exception {
        try (Parts parts = new Parts()) {
            assertThat(parts.emission.flusher()).isSameAs(parts.flusher);
            assertThat(parts.completion.flusher()).isSameAs(parts.flusher);
            assertThat(parts.completion.board()).isSameAs(parts.board);
            assertThat(parts.completion.listeners()).isSameAs(parts.tasks.listeners());
        }
    }

    private static Window window() {
        return Window.ofDay(DAY);
    }

    private ExportSettings readSettings() throws IOException {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            String uri =
                    "mixpanel-export:test?projectId=1&serviceAccount=a&serviceAccountSecret=s"
                            + "&timeZone=UTC&fromDate=%s&toDate=%s&stateDirectory=%s";
            return new EndpointAccess(camel, uri.formatted(DAY, DAY, state)).settings();
        }
    }

    private BaseParts.Given given(ExportSettings settings) throws Exception {
        return new BaseParts.Given(
                settings,
                state,
                Ledger.open(
                        state,
                        "test",
                        Map.of(),
                        settings.state().onQueryChange(),
                        clock,
                        Disk.REAL),
                new ProjectLimit(
                        "project 1 on localhost",
                        QueryLog.file(state, "localhost", "1"),
                        settings.downloads().limits(),
                        clock,
                        clock,
                        Sleeper.REAL,
                        new Random(),
                        Disk.REAL),
                null,
                sink,
                pool,
                new BaseParts.Machine(
                        clock,
                        Sleeper.REAL,
                        Disk.REAL,
                        work -> new Thread(work).start(),
                        new InflatedBody.Memory()));
    }

    private final class Parts extends Export implements Admissions.Work {

        Parts() throws Exception {
            super(given(readSettings()));
        }

        @Override
        Admissions.Work work() {
            return this;
        }

        @Override
        public ProjectLimit.Permit admit(WindowRun run, int kept, WaitListener listener)
                throws InterruptedException, ExportException {
            return limit.admit(run.window, "test", kept, listener);
        }

        @Override
        public void admitted(WindowRun run, ProjectLimit.Permit permit) throws ExportException {
            try (permit) {
                board.querying(run, () -> {});
                OpenWindow spooled =
                        new OpenWindow(
                                run.window, run.generation, permit.startedAt(), null, spool(run));
                ledger.spooled(spooled);
                board.spooled(run, spooled, null, Findings.NONE);
            }
        }

        private SpooledBody spool(WindowRun run) throws SpoolException {
            try (SpoolWriter writer = SpoolWriter.create(spool, run.window, run.generation)) {
                writer.write(LINE.getBytes(StandardCharsets.UTF_8));
                SpooledFile file = writer.finish(false);
                return new SpooledBody(file.file(), false, file.bytes(), file.sha256(), 1, 1, 0, 0);
            } catch (IOException e) {
                throw new SpoolException("cannot write", e);
            }
        }

        @Override
        public void close() {
            super.close();
            try {
                ledger.close();
                limit.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class RecordingSink implements EventSink {

        private final List<ExportEvent> events = new ArrayList<>();
        private final List<WindowSummary> committed = new ArrayList<>();

        @Override
        public void emit(EventBatch batch) {
            events.addAll(batch.events());
            batch.acknowledge();
        }

        @Override
        public void windowCommitted(WindowSummary summary) {
            committed.add(summary);
        }

        @Override
        public void task(ExportTask task, Acknowledgement acknowledgement) {
            throw new AssertionError("no task: " + task);
        }

        @Override
        public void windowComplete(WindowSummary summary, Acknowledgement acknowledgement) {
            throw new AssertionError("no notice: " + summary);
        }

        @Override
        public void skipped(Window window, List<ExportEvent> events, Throwable cause) {
            throw new AssertionError("no failure", cause);
        }

        @Override
        public void badLine(MalformedEventException line) {
            throw new AssertionError("no bad line", line);
        }
    }
}
