package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** What an export is given; {@link ExportParts} makes all else of it. */
abstract class BaseParts {

    final ExportSettings settings;
    final Path folder;
    final Ledger ledger;
    final ProjectLimit limit;
    final ExportClient client;
    final EventSink sink;
    final ExecutorService pool;
    final Machine machine;
    final InstantSource clock;
    final Disk disk;

    /**
     * @param folder of this export alone
     * @param pool of {@code maxConcurrentWindows} threads, which download
     */
    record Given(
            ExportSettings settings,
            Path folder,
            Ledger ledger,
            ProjectLimit limit,
            ExportClient client,
            EventSink sink,
            ExecutorService pool,
            Machine machine) {}

    /**
     * What the export runs on.
     *
     * @param disk where ledger, dedupe keys and parked events are written
     * @param threads starts a thread that reads events ahead
     * @param memory that all exports share, for verified bodies
     */
    record Machine(
            InstantSource clock,
            Sleeper sleeper,
            Disk disk,
            Executor threads,
            InflatedBody.Memory memory) {}

    BaseParts(Given given) {
        this.settings = given.settings();
        this.folder = given.folder();
        this.ledger = given.ledger();
        this.limit = given.limit();
        this.client = given.client();
        this.sink = given.sink();
        this.pool = given.pool();
        this.machine = given.machine();
        this.clock = machine.clock();
        this.disk = machine.disk();
    }
}
