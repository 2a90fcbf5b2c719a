package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.durable.SpillFile;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.ledger.Ledger;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.ack.InFlight;
import io.github.camelmixpanel.export.internal.pipeline.admission.Admissions;
import io.github.camelmixpanel.export.internal.pipeline.admission.WindowFailures;
import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import io.github.camelmixpanel.export.internal.pipeline.board.RetryRule;
import io.github.camelmixpanel.export.internal.pipeline.board.WindowRun;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ArrivalCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ReexportRequest;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ServerClock;
import io.github.camelmixpanel.export.internal.pipeline.download.Download;
import io.github.camelmixpanel.export.internal.pipeline.download.Downloads;
import io.github.camelmixpanel.export.internal.pipeline.emission.CompletionNotices;
import io.github.camelmixpanel.export.internal.pipeline.emission.Deduplicator;
import io.github.camelmixpanel.export.internal.pipeline.emission.Emission;
import io.github.camelmixpanel.export.internal.pipeline.emission.FailedExchanges;
import io.github.camelmixpanel.export.internal.pipeline.emission.Flusher;
import io.github.camelmixpanel.export.internal.pipeline.emission.ParkedReader;
import io.github.camelmixpanel.export.internal.pipeline.emission.WindowCompletion;
import io.github.camelmixpanel.export.internal.pipeline.parking.OperatorCommands;
import io.github.camelmixpanel.export.internal.pipeline.parking.OperatorCommands.Decision;
import io.github.camelmixpanel.export.internal.pipeline.parking.ParkedResume;
import io.github.camelmixpanel.export.internal.pipeline.progress.Eta;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportCounters;
import io.github.camelmixpanel.export.internal.pipeline.progress.ExportLog;
import io.github.camelmixpanel.export.internal.pipeline.progress.Status;
import io.github.camelmixpanel.export.internal.pipeline.progress.StuckExchangeWatch;
import io.github.camelmixpanel.export.internal.pipeline.route.EventSink;
import io.github.camelmixpanel.export.internal.pipeline.tasks.TaskResult;
import io.github.camelmixpanel.export.internal.pipeline.tasks.Tasks;
import io.github.camelmixpanel.export.internal.plan.Planner;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.spool.ParkedEvents;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.Spool;
import io.github.camelmixpanel.export.option.Reexport;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One export: every due day reaches the route whole and in project quota, and the ledger says what
 * is done.
 *
 * <p>The polling thread plans, emits and commits; the threads of the pool admit, fetch, spool and
 * verify. {@link #stop}, {@link #wake} and {@link #trouble} may be called from any thread.
 */
public final class Export implements Closeable {

    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    private final ExportSettings settings;
    private final Ledger ledger;
    private final Disk disk;
    private final ProjectLimit limit;
    private final ExportCalendar calendar;
    private final Board board;
    private final InFlight inFlight;
    private final Status status;
    private final ExportLog progress;
    private final WindowFailures failures;
    private final Downloads downloads;
    private final Tasks tasks;
    private final Admissions admissions;
    private final OperatorCommands decisions;
    private final Flusher flusher;
    private final Emission emission;
    private final WindowCompletion outcomes;
    private final Optional<Deduplicator> seen;
    private final CompletionNotices notices;
    private final ReentrantLock polling = new ReentrantLock();
    private final StuckExchangeWatch stuckWatch;
    private volatile boolean stopped;

    /** What keeps Camel from polling, for people; null when nothing does. */
    private volatile String broken;

    /** Nothing may be written any more: another run may have begun. */
    private volatile boolean closed;

    private boolean refusalTold;
    private boolean firstPlan = true;
    private final AtomicInteger emitted = new AtomicInteger();

    Export(
            ExportSettings settings,
            Path folder,
            Ledger ledger,
            ProjectLimit limit,
            ExportClient client,
            EventSink sink,
            ExecutorService pool,
            Executor threads,
            InstantSource clock,
            Sleeper sleeper,
            Disk disk)
            throws ExportException {
        this.settings = settings;
        this.ledger = ledger;
        this.disk = disk;
        this.limit = limit;
        Spool spool = Spool.open(folder.resolve("spool"), settings.maxSpoolSize());
        ServerClock serverClock = new ServerClock(clock);
        ArrivalCalendar arrivals = new ArrivalCalendar(settings, ledger, clock, serverClock);
        this.calendar = new ExportCalendar(settings, ledger, arrivals, clock);
        this.board =
                new Board(
                        clock,
                        sleeper,
                        settings.maxConcurrentWindows(),
                        settings.deduplicate(),
                        calendar.order(),
                        limit::isRefused);
        ExportCounters tally = new ExportCounters(clock);
        Eta pace = new Eta(board, limit, clock);
        this.progress = new ExportLog(settings.name(), board, limit, tally, pace, clock);
        this.inFlight = new InFlight(settings.maxInFlight(), sleeper, clock, progress::beat);
        this.status =
                new Status(
                        settings, ledger, calendar, board, inFlight, spool, limit, tally, pace,
                        clock);
        Quarantine quarantine =
                new Quarantine(folder.resolve("quarantine"), settings.maxSpoolSize());
        EventScanner scanner =
                new EventScanner(
                        new EventTime(settings.timeZone(), settings.query().timeInMs()),
                        settings.query());
        Supplier<SpillFile> newNotes = () -> spool.newSpillFile(progress::notesEnd);
        this.seen =
                settings.deduplicate() && !settings.tasks().emitsWindows()
                        ? Optional.of(
                                Deduplicator.open(
                                        folder,
                                        settings.dedupeKey(),
                                        settings.query().limit() != null,
                                        settings.maxConcurrentWindows(),
                                        ledger.openWindows(),
                                        disk))
                        : Optional.empty();
        RetryRule retries =
                new RetryRule(
                        settings.maxRetries(), settings.retryDelay(), RandomGenerator.getDefault());
        this.failures =
                new WindowFailures(
                        settings, board, limit, arrivals, retries, progress, tally, sink, clock);
        this.tasks =
                new Tasks(
                        settings,
                        board,
                        limit,
                        ledger,
                        failures,
                        progress,
                        tally,
                        sink,
                        clock,
                        this::taskEmitted);
        this.downloads =
                new Downloads(
                        settings,
                        board,
                        limit,
                        client,
                        new Download(
                                settings,
                                spool,
                                scanner,
                                seen.map(it -> it::newKeys),
                                () -> new BodyOffsets(newNotes.get()),
                                quarantine,
                                clock),
                        spool,
                        ledger,
                        serverClock,
                        failures,
                        progress,
                        tally,
                        sink);
        this.admissions =
                new Admissions(
                        settings,
                        board,
                        limit,
                        settings.tasks().emitsWindows() ? tasks : downloads,
                        failures,
                        progress,
                        clock,
                        pool);
        ParkedEvents parkedEvents = new ParkedEvents(folder.resolve("parked"), disk);
        ParkedReader parkedReader = new ParkedReader(parkedEvents, scanner);
        FailedExchanges refusals =
                new FailedExchanges(settings, inFlight, parkedEvents, parkedReader, sink, progress);
        this.flusher = new Flusher(ledger, seen, tally);
        this.emission =
                new Emission(
                        settings, spool, ledger, scanner, seen, inFlight, refusals, sink, progress,
                        flusher, clock, threads);
        this.outcomes =
                new WindowCompletion(
                        settings, ledger, calendar, board, spool, seen, inFlight, emission, flusher,
                        refusals, sink, progress, tally, clock);
        this.decisions =
                new OperatorCommands(
                        ledger,
                        board,
                        outcomes,
                        parkedEvents,
                        new ParkedResume(
                                ledger,
                                parkedEvents,
                                parkedReader,
                                seen,
                                inFlight,
                                sink,
                                progress,
                                tally,
                                settings.batchSize(),
                                clock),
                        progress);
        this.stuckWatch = new StuckExchangeWatch(inFlight, progress, clock);
        this.notices = new CompletionNotices(ledger, inFlight, sink, progress);
        Recovery earlier = new Recovery(ledger, spool, calendar, board, progress);
        if (settings.tasks().emitsWindows()) {
            earlier.takeUpTasks();
        } else {
            earlier.takeUpWindows();
        }
    }

    /**
     * Works until every due window is committed or waits for longer than this poll should, or until
     * it is not to go on.
     *
     * @param goOn asked before each event and after each {@link #wake}; must be cheap
     * @return exchanges emitted
     * @throws CredentialsException when Mixpanel refused the credentials, once until they are good
     *     again
     * @throws LedgerException when progress cannot be recorded, so that nothing more may be emitted
     */
    public int poll(BooleanSupplier goOn) throws ExportException {
        if (!polling.tryLock()) {
            return 0; // a scheduler with more than one thread
        }
        try {
            emitted.set(0);
            BooleanSupplier running =
                    () -> !stopped && disk.trouble().isEmpty() && goOn.getAsBoolean();
            BooleanSupplier mayGoOn = () -> belowBound() && running.getAsBoolean();
            if (!mayGoOn.getAsBoolean()) {
                return 0;
            }
            calendar.pollBegins();
            board.open();
            progress.begin();
            notices.begin();
            do {
                notices.tell(mayGoOn);
                tasks.giveUpLost();
                decisions.carryOut(mayGoOn, running, emitted::incrementAndGet);
                Instant nextDue = plan();
                progress.beat();
                Optional<WindowRun> task =
                        board.takeToEmit(
                                mayGoOn,
                                earlier(
                                        tasks.nextDeadline(),
                                        earlier(nextDue, progress.nextBeat())));
                if (task.isPresent()) {
                    emit(task.get(), mayGoOn);
                }
            } while (mayGoOn.getAsBoolean() && !isDone());
            notices.tell(mayGoOn);
            forgetOldKeys();
            tellRefusalOnce();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExportException | IllegalStateException e) {
            if (!closed) {
                throw e;
            }
            progress.heldBeyondClose(e); // the route let go of this thread too late to note it
        } catch (Error e) {
            broken =
                    "the poll ended in "
                            + e
                            + ", after which Camel polls no more: nothing is handed to the route."
                            + " What is acknowledged is on disk. Mend the cause (more heap with -Xmx"
                            + " after an OutOfMemoryError)."
                            + " Start the route again, or the process: it goes on from there";
            progress.pollBroken(broken);
            throw e;
        } finally {
            board.pause();
            polling.unlock();
            if (closed) {
                closeKeysOnce();
            }
        }
        return emitted.get();
    }

    /** Told of each task, by the thread that hands it out. */
    private void taskEmitted() {
        emitted.incrementAndGet();
        if (!belowBound()) {
            board.pause();
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Noted first: a repair must not be promised for days whose keys are gone. */
    private void forgetOldKeys() throws LedgerException {
        LocalDate needed;
        synchronized (ledger) { // no day is asked for again in between
            needed = calendar.keysNeededFrom();
            if (seen.isEmpty() || !seen.get().hasBefore(needed)) {
                return;
            }
            ledger.keysFrom(needed);
        }
        seen.get().forgetBefore(needed);
    }

    private boolean isDone() {
        return board.isDone() && !calendar.isBehind(board.windows());
    }

    private boolean belowBound() {
        return settings.maxMessagesPerPoll() == 0 || emitted.get() < settings.maxMessagesPerPoll();
    }

    /** Puts what is due on the board, and says when to look again. */
    private Instant plan() throws LedgerException {
        Planner.Plan plan = calendar.plan(board.windows());
        if (!plan.windows().isEmpty()) {
            board.plan(
                    plan.windows().stream()
                            .map(due -> new WindowRun(due, ledger.nextGeneration(due.window())))
                            .toList());
            progress.planned(plan.windows());
        }
        Instant nextDue = plan.nextDue().orElse(Instant.MAX);
        if (firstPlan && board.size() == 0) {
            progress.nothingDue(nextDue);
        }
        firstPlan = false;
        admissions.start();
        return nextDue;
    }

    private void emit(WindowRun task, BooleanSupplier goOn)
            throws ExportException, InterruptedException {
        try {
            Emission.Outcome outcome = emission.emit(task, goOn, emitted::incrementAndGet);
            if (closed) {
                return;
            }
            switch (outcome) {
                case COMPLETE -> outcomes.commit(task);
                case PARKS -> {
                    decisions.tried(task);
                    outcomes.park(task);
                }
                case UNFINISHED -> outcomes.leaveFailed(task);
            }
        } catch (SpoolException e) {
            outcomes.lostBody(task, e);
        }
    }

    /**
     * Takes note of what became of a task that this export gave out, in this run or in an earlier
     * one; it is in the ledger on return. May be called from any thread.
     *
     * @throws IllegalStateException when this export gives out no tasks
     * @throws LedgerException when it cannot be noted: tell it again
     */
    public TaskResult complete(TaskOutcome outcome) throws ExportException {
        if (!settings.tasks().emitsWindows()) {
            throw new IllegalStateException(
                    "mixpanel-export:"
                            + settings.name()
                            + " gives out no tasks: set emit=WINDOWS on its consumer, or take the route"
                            + " to operation=COMPLETE away");
        }
        return tasks.complete(outcome, outcomes::doneElsewhere);
    }

    private void tellRefusalOnce() throws CredentialsException {
        CredentialsException refusal = failures.refusal();
        if (refusal == null) {
            refusalTold = false;
        } else if (!refusalTold) {
            refusalTold = true;
            throw refusal;
        }
    }

    /**
     * Makes days due again that were exported before; a poll takes them up when it plans next. May
     * be called from any thread.
     *
     * @return those days
     * @throws IllegalArgumentException when none of them was exported
     * @throws IllegalStateException when a repair cannot tell what the route has had
     */
    public List<LocalDate> reexport(Window days, Reexport mode) throws LedgerException {
        synchronized (ledger) { // no keys are given up in between
            return ReexportRequest.ask(
                    settings.name(),
                    ledger,
                    settings.range().toDate(),
                    day -> seen.isPresent() && seen.get().has(day),
                    days,
                    mode);
        }
    }

    /**
     * What is parked and waits for {@link #resume} or {@link #drop}. May be called on any thread.
     */
    public List<ParkedWindow> parked() {
        return ledger.parked();
    }

    /**
     * Has the poll that runs, or the next one, hand what is parked of these days to the route: each
     * parked event once, and the rest of a window that is parked as a whole with all of its
     * redeliveries. What the route does not take stays parked, or is parked again. A window that
     * failed and waits is tried again without a wait. Forgotten at a stop. May be called on any
     * thread.
     *
     * @param days every window that shares a day with these is meant
     * @return what was found; empty when nothing is parked and nothing waits
     */
    public List<Window> resume(Window days) {
        List<Window> waited = board.endWaits(days);
        if (board.wantsDownload()) {
            admissions.start(); // no thread is left where nothing else was to be asked for
        }
        if (!waited.isEmpty() && settings.tasks().emitsWindows()) {
            return waited; // it parks nothing
        }
        return Stream.concat(waited.stream(), decide(days, Decision.RESUME).stream())
                .distinct()
                .toList();
    }

    /**
     * As {@link #resume}, but has what is parked given up: parked events are deleted, and a window
     * that is parked as a whole is committed as it is. They are never exported again, unless the
     * days are exported anew.
     */
    public List<Window> drop(Window days) {
        return decide(days, Decision.DROP);
    }

    private List<Window> decide(Window days, Decision decision) {
        if (settings.tasks().emitsWindows()) {
            throw new IllegalStateException(
                    "mixpanel-export:"
                            + settings.name()
                            + " gives out tasks and hands no event to its route: what was parked before"
                            + " needs a start with emit=EVENTS");
        }
        List<ParkedWindow> found = decisions.decide(days, decision);
        board.wake();
        return found.stream().map(ParkedWindow::window).toList();
    }

    /** Makes a waiting poll ask again whether it is to go on. */
    public void wake() {
        board.wake();
        inFlight.wake();
    }

    /**
     * Ends the poll and every query at once; what the route still holds may be acknowledged until
     * {@link #close}.
     */
    public void stop() {
        stopped = true;
        board.cancelQueries();
        wake();
    }

    /** How things stand now. Called on any thread, also when this is closed. */
    public ExportSnapshot snapshot() {
        return status.snapshot(
                polling.isLocked() ? ExportSnapshot.Activity.POLLING : ExportSnapshot.Activity.IDLE,
                trouble());
    }

    /** What keeps this export from going on, for people; empty when all is well. */
    public List<String> trouble() {
        CredentialsException refusal = failures.refusal();
        if (refusal != null) {
            return List.of(refusal.getMessage());
        }
        List<String> troubles = new ArrayList<>();
        if (broken != null) {
            troubles.add(broken);
        }
        disk.trouble().ifPresent(troubles::add);
        limit.trouble().ifPresent(troubles::add);
        troubles.addAll(board.troubles());
        limit.longRateLimited().ifPresent(troubles::add);
        ledger.parked().stream().map(ParkedWindow::trouble).forEach(troubles::add);
        inFlight.stuck().stream().map(InFlight.Stuck::toString).forEach(troubles::add);
        downloads.timeZoneMisfit().ifPresent(troubles::add);
        return troubles;
    }

    /**
     * Logs once each exchange that the route holds for more than 10 minutes. Called now and then,
     * by another thread than that which polls: the route may hold that one too.
     *
     * @return whether it is time to look whether they are lost: at once, and then no sooner than 10
     *     minutes later
     */
    public boolean watch() {
        return stuckWatch.look();
    }

    /**
     * Writes what was acknowledged, whatever the polling thread does: it may wait, or be held by
     * the route, or poll no more. Called once a second, by another thread.
     */
    public void flush() {
        try {
            flusher.flushAll();
        } catch (ExportException e) {
            progress.flushFailed(e);
        }
    }

    /**
     * Writes what was acknowledged meanwhile, by a thread that is interrupted too. The export has
     * been stopped; a poll that the route still holds is given a moment.
     */
    @Override
    public void close() {
        boolean quiet = false;
        boolean interrupted = false;
        try {
            quiet = polling.tryLock(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true; // a shutdown that took too long
        }
        try {
            flush();
        } finally {
            flusher.close();
            closed = true;
            if (quiet) {
                polling.unlock();
            }
            closeKeysOnce();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Leaves it to a poll that the route still holds, whose thread uses them. */
    private void closeKeysOnce() {
        if (polling.tryLock()) {
            try {
                closeKeys();
            } finally {
                polling.unlock();
            }
        }
    }

    private void closeKeys() {
        for (WindowRun task : board.all()) {
            task.forgetBody();
        }
        if (seen.isPresent()) {
            try {
                seen.get().close();
            } catch (IOException e) {
                progress.keysNotClosed(e);
            }
        }
    }
}
