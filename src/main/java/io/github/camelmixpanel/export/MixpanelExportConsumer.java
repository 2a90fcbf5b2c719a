package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.RefusedCredentialsException;
import io.github.camelmixpanel.export.failure.StateInUseException;
import io.github.camelmixpanel.export.internal.exchange.RouteSink;
import io.github.camelmixpanel.export.internal.exchange.WindowEventNotifier;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.observe.AvailableMeters;
import io.github.camelmixpanel.export.internal.observe.Meters;
import io.github.camelmixpanel.export.internal.observe.MixpanelExportHealthCheck;
import io.github.camelmixpanel.export.internal.observe.ObservedExports;
import io.github.camelmixpanel.export.internal.pipeline.Export;
import io.github.camelmixpanel.export.internal.pipeline.Standby;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.option.OnStateInUse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.spi.ThreadPoolProfile;

/**
 * Polls one export: each event of the due windows becomes one exchange, and a poll lasts until
 * every due window is committed or waits for more than the poll.
 *
 * <p>The scheduler's thread polls and emits; a fixed pool of {@code maxConcurrentWindows} threads
 * only downloads.
 */
@ManagedResource(description = "Managed Mixpanel export")
public class MixpanelExportConsumer extends ManagedConsumer implements ShutdownAware {

    private static final long POLL_ENDS_MILLIS = 200;

    private final MixpanelExportEndpoint endpoint;

    /**
     * Held by the poll. Another one with each start: a poll that the route holds outlives a forced
     * stop, and must neither hold up nor take part in what comes after it.
     */
    private volatile Semaphore atPoll = new Semaphore(1);

    private volatile Export export;
    private volatile Optional<ExportSnapshot> lastSnapshot = Optional.empty();

    /** Camel is about to suspend this; from then on its status says that the poll is to end. */
    private volatile boolean yields;

    /** Held while the export is opened or closed: a standby opens it during a poll. */
    private final Object opening = new Object();

    private volatile Standby standby;
    private ExportClient client;
    private ExecutorService downloadPool;
    private Watch.Watched watch;
    private Meters meters = Meters.NONE;
    private final ObservedExports.Export observed;

    public MixpanelExportConsumer(MixpanelExportEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.observed = new ObservedExports.Export(endpoint, this::snapshot);
    }

    @Override
    protected void doBuild() throws Exception {
        if (getHealthCheck() == null) {
            setHealthCheck(new MixpanelExportHealthCheck(this, this::standby, this::snapshot));
        }
        super.doBuild();
    }

    /** Camel leaves out the build of what was stopped before its first start. */
    @Override
    protected void doInit() throws Exception {
        if (getHealthCheck() == null) {
            doBuild();
        }
        super.doInit();
        exportsOfContext().add(endpoint.getName(), observed, false);
    }

    @Override
    protected void doShutdown() throws Exception {
        exportsOfContext().remove(endpoint.getName(), observed);
        super.doShutdown();
    }

    @Override
    protected void doStart() throws Exception {
        yields = false;
        if (getHealthCheck() == null) { // it was suspended before its first start
            doInit();
        }
        if (watch != null) { // Camel starts what is suspended, after an aborted stop for one
            super.doStart();
            return;
        }
        ExportSettings settings = endpoint.settings();
        synchronized (opening) {
            atPoll = new Semaphore(1);
        }
        try {
            client = endpoint.newClient();
            meters =
                    AvailableMeters.of(
                            endpoint.getCamelContext(), settings.name(), recentSnapshot());
            downloadPool =
                    executors()
                            .newThreadPool(
                                    this,
                                    "MixpanelExportDownload",
                                    downloads(settings.downloads().maxConcurrentWindows()));
            standby = endpoint.getComponent().standby(settings.name());
            try {
                openExport(atPoll);
            } catch (StateInUseException e) {
                if (endpoint.getConfiguration().getOnStateInUse() != OnStateInUse.WAIT) {
                    throw e;
                }
                standby.begin(e);
            }
            watch =
                    endpoint.getComponent()
                            .watch()
                            .begin(
                                    () -> withExport(Export::flush),
                                    () -> withExport(MixpanelExportConsumer::watch));
            exportsOfContext().add(settings.name(), observed, true);
            super.doStart();
        } catch (Exception e) {
            release();
            throw e;
        }
    }

    /** Threads that end when nothing is to be downloaded. */
    private static ThreadPoolProfile downloads(int threads) {
        return new ThreadPoolProfileBuilder("MixpanelExportDownload")
                .poolSize(threads)
                .maxPoolSize(threads)
                .keepAliveTime(1L, TimeUnit.SECONDS)
                .allowCoreThreadTimeOut(true)
                .build();
    }

    /**
     * @return null if the consumer has been stopped meanwhile
     */
    private Export openExport(Semaphore mine) throws ExportException {
        synchronized (opening) {
            if (downloadPool == null || mine != atPoll || !isRunAllowed()) {
                return null;
            }
            ExportSettings settings = endpoint.settings();
            export =
                    endpoint.getComponent()
                            .exports()
                            .open(
                                    settings,
                                    client,
                                    new RouteSink(
                                            this,
                                            this::forceConsumerAsReady,
                                            settings.emission().batchSize() > 1,
                                            new WindowEventNotifier(
                                                    endpoint.getCamelContext(), settings.name()),
                                            meters),
                                    downloadPool);
            return export;
        }
    }

    @Override
    protected int poll() throws Exception {
        Semaphore mine = atPoll;
        mine.acquire();
        try {
            BooleanSupplier goOn = () -> mine == atPoll && mayEmit();
            Export owned = ownedExport(mine, goOn);
            return owned == null ? 0 : owned.poll(goOn);
        } catch (CredentialsException e) {
            throw new RefusedCredentialsException(e);
        } finally {
            mine.release();
        }
    }

    /** The export of this consumer, for which a standby waits; null when the poll must end. */
    private Export ownedExport(Semaphore mine, BooleanSupplier goOn)
            throws ExportException, InterruptedException {
        Export owned = export;
        if (endpoint.getConfiguration().getOnStateInUse() == OnStateInUse.FAIL) {
            return owned != null ? owned : openExport(mine);
        }
        if (owned != null && endpoint.getComponent().exports().isLost(owned)) {
            closeExport();
            owned = null;
        }
        return owned != null ? owned : standby.await(() -> openExport(mine), goOn);
    }

    private void closeExport() {
        synchronized (opening) {
            Export mine = export;
            if (mine != null) {
                mine.stop();
                endpoint.getComponent().exports().close(mine);
                lastSnapshot =
                        Optional.of(
                                mine.snapshot().stopped("the route is stopped; start it to go on"));
                export = null;
            }
        }
    }

    private void withExport(Consumer<Export> action) {
        Export mine = export;
        if (mine != null) {
            action.accept(mine);
        }
    }

    /** Reports exchanges held too long and triggers a GC so that abandoned ones are detected. */
    static void watch(Export export) {
        if (export.watch()) {
            System.gc(); // an idle application may not collect for days; see RouteSink
        }
    }

    private boolean mayEmit() {
        return !yields && !isSuspendingOrSuspended() && isRunAllowed();
    }

    private ExecutorServiceManager executors() {
        return endpoint.getCamelContext().getExecutorServiceManager();
    }

    private ObservedExports exportsOfContext() {
        return ObservedExports.of(endpoint.getCamelContext());
    }

    @Override
    Export running() {
        Export running = export;
        if (running == null) {
            throw new IllegalStateException(
                    "mixpanel-export:%s is %s"
                            .formatted(
                                    endpoint.getName(),
                                    standby()
                                            .map(holder -> "a standby: " + holder)
                                            .orElse("stopped: start its route first")));
        }
        return running;
    }

    /** The running export, or null. */
    Export export() {
        return export;
    }

    /** The holder of the state that a standby waits for; empty when this is not a standby. */
    public Optional<String> standby() {
        Standby waiting = standby;
        return waiting == null ? Optional.empty() : waiting.reason();
    }

    /** What stops the export, or part of it; empty when all is well. */
    List<String> trouble() {
        Export running = export;
        return running == null ? List.of() : running.trouble();
    }

    /** The state of the export; when the route is stopped or a standby, its last one. */
    @Override
    Optional<ExportSnapshot> snapshot() {
        Export running = export;
        Standby waiting = standby;
        if (running == null) {
            return waiting == null ? lastSnapshot : waiting.snapshot(lastSnapshot);
        }
        ExportSnapshot snapshot = running.snapshot();
        return Optional.of(
                isSuspendingOrSuspended()
                        ? snapshot.stopped("the route is suspended; resume it to go on")
                        : snapshot);
    }

    @Override
    protected void doSuspend() throws Exception {
        super.doSuspend();
        wakePoll();
    }

    @Override
    protected void doResume() throws Exception {
        if (watch == null) { // it was suspended when it was stopped
            doStart();
            return;
        }
        yields = false;
        super.doResume();
    }

    /**
     * Camel is about to stop or suspend the route: the poll ends, downloads go on until the stop.
     * Waits a moment for a poll that can end at once, since Camel checks again only after a second.
     *
     * @throws RuntimeCamelException when interrupted: Camel has aborted the stop, or forces it, and
     *     must not go on as if there were time
     */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        yields = true;
        wakePoll();
        Semaphore polling = atPoll;
        try {
            if (polling.tryAcquire(POLL_ENDS_MILLIS, TimeUnit.MILLISECONDS)) {
                polling.release();
            }
        } catch (InterruptedException e) {
            yields = false;
            throw new RuntimeCamelException(e);
        }
        return false;
    }

    /** Camel counts exchanges; this counts the poll, which may still be emitting one. */
    @Override
    public int getPendingExchangesSize() {
        return 1 - atPoll.availablePermits();
    }

    /** Nothing: Camel calls this after an aborted stop too, when this has started again. */
    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // suspending and stopping do it all
    }

    private void wakePoll() {
        withExport(Export::wake);
        if (standby != null) {
            standby.wake();
        }
    }

    @Override
    protected void doStop() throws Exception {
        wakePoll();
        withExport(Export::stop);
        super.doStop();
        release();
    }

    private void release() throws ExportException {
        if (watch != null) {
            watch.end();
            watch = null;
        }
        meters.close();
        meters = Meters.NONE;
        synchronized (opening) {
            if (downloadPool != null) {
                executors().shutdownNow(downloadPool);
                downloadPool = null;
            }
        }
        if (standby != null) {
            standby.end();
        }
        try {
            closeExport();
        } finally {
            if (client != null) {
                client.close();
                client = null;
            }
        }
    }
}
