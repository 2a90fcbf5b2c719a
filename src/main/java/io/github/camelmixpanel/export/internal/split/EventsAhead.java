package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.durable.HelperThread;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Returns the events of a body in order while another thread reads ahead: one core inflates and
 * splits the body while the route has the other. The reading thread also makes a value of each
 * event for the caller.
 *
 * <p>Bad lines and failures are reported in their place among the events, by the thread that takes
 * the events. Memory: one MiB of lines read ahead, and two more of the largest lines. Used by one
 * thread; closing it ends the other thread before it returns.
 */
public final class EventsAhead<T> implements Closeable {

    private static final int BATCH_BYTES = 128 * 1024;
    private static final int BYTES_AHEAD = 1024 * 1024;

    private final LineReader lines;
    private final BadLines badLines;
    private final Function<ExportEvent, T> make;
    private final BlockingQueue<Batch<T>> ready = new LinkedBlockingQueue<>();
    private final Semaphore budget = new Semaphore(BYTES_AHEAD);
    private FutureTask<Void> reading;
    private final BooleanSupplier goOn;
    private Batch<T> current = new Batch<>();
    private int nextEvent;
    private int nextBadLine;
    private volatile boolean closed;

    private record BadLine(long line, String reason, byte[] bytes) {}

    /** Filled by one thread, then read by another. */
    private static final class Batch<T> {

        private final List<ExportEvent> events = new ArrayList<>();
        private final List<T> made = new ArrayList<>();
        private final List<BadLine> badLines = new ArrayList<>();
        private int bytes;
        private boolean isLast;
        private boolean stopped;
        private Throwable failure;

        /** A line that exceeds the budget takes all of it. */
        private int permits() {
            return Math.min(bytes, BYTES_AHEAD);
        }
    }

    private EventsAhead(
            LineReader lines,
            Function<ExportEvent, T> make,
            BadLines badLines,
            BooleanSupplier goOn) {
        this.lines = lines;
        this.make = make;
        this.badLines = badLines;
        this.goOn = goOn;
    }

    /**
     * @param lines closed in any case
     * @param known the field offsets found earlier in the body
     * @param make applied to each event, which is valid during the call, by the reading thread
     * @param badLines called by the thread that takes the events
     * @param firstLine lines before it are skipped without being parsed
     * @param goOn checked by the reading thread before each skipped line and between batches; must
     *     be cheap
     * @param threads must run the reading, and must not drop it before it has begun
     */
    public static <T> EventsAhead<T> start(
            LineReader lines,
            EventScanner scanner,
            BodyOffsets known,
            Function<ExportEvent, T> make,
            BadLines badLines,
            long firstLine,
            BooleanSupplier goOn,
            Executor threads)
            throws IOException {
        EventsAhead<T> ahead = new EventsAhead<>(lines, make, badLines, goOn);
        ahead.reading = new FutureTask<>(() -> ahead.read(scanner, known, firstLine), null);
        try {
            threads.execute(ahead.reading);
            return ahead;
        } catch (Throwable e) {
            lines.close();
            throw e;
        }
    }

    /**
     * The next event, valid for ever, or null at the end of the body, or when the reading was
     * stopped.
     *
     * @throws IOException when the body cannot be read to its end
     * @throws ExportException when a bad line cannot be quarantined
     */
    public ExportEvent next() throws IOException, ExportException, InterruptedException {
        while (nextEvent == current.events.size()) {
            reportBadLines(Long.MAX_VALUE);
            if (current.isLast) {
                if (current.failure != null) {
                    throw HelperThread.failed(current.failure);
                }
                return null;
            }
            budget.release(current.permits());
            current = ready.take();
            nextEvent = 0;
            nextBadLine = 0;
        }
        ExportEvent event = current.events.get(nextEvent++);
        reportBadLines(event.line());
        return event;
    }

    /** The value made of the event returned last. */
    public T made() {
        return current.made.get(nextEvent - 1);
    }

    /** Whether the reading was stopped before the end of the body. */
    public boolean isStopped() {
        return current.stopped;
    }

    private void reportBadLines(long before) throws ExportException {
        while (nextBadLine < current.badLines.size()) {
            BadLine bad = current.badLines.get(nextBadLine);
            if (bad.line() > before) {
                return;
            }
            nextBadLine++;
            badLines.found(bad.line(), bad.reason(), bad.bytes());
        }
    }

    /** Runs in the reading thread until the end, a failure, or {@link #close}. */
    private void read(EventScanner scanner, BodyOffsets known, long firstLine) {
        Filling filling = new Filling();
        try (EventReader events =
                new EventReader(lines, scanner, filling, BodyOffsets.NONE, known)) {
            events.skipTo(firstLine, this::goesOn);
            boolean goesOn = goesOn();
            for (ExportEvent event; goesOn && (event = events.next()) != null; ) {
                goesOn = !filling.add(event) || goesOn();
            }
            filling.batch.stopped = !goesOn;
        } catch (Throwable e) { // the thread that takes the events throws it
            filling.batch.failure = e;
        }
        filling.batch.isLast = true;
        ready.add(filling.batch); // never blocks
    }

    private boolean goesOn() {
        return !closed && goOn.getAsBoolean();
    }

    private final class Filling implements BadLines {

        private Batch<T> batch = new Batch<>();

        /** Adds an event, and returns whether the batch was full and has been passed on. */
        private boolean add(ExportEvent event) {
            batch.events.add(event.kept());
            batch.made.add(make.apply(event));
            return grown(event.size());
        }

        @Override
        public void found(long line, String reason, byte[] bytes) {
            batch.badLines.add(new BadLine(line, reason, bytes));
            grown(bytes.length);
        }

        private boolean grown(int bytes) {
            batch.bytes += bytes;
            if (batch.bytes < BATCH_BYTES) {
                return false;
            }
            budget.acquireUninterruptibly(batch.permits());
            ready.add(batch);
            batch = new Batch<>();
            return true;
        }
    }

    @Override
    public void close() {
        closed = true;
        budget.release(2 * BYTES_AHEAD); // enough for any batch it waits with
        try {
            HelperThread.outcome(reading);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Reading ahead ended unexpectedly", e.getCause());
        }
    }
}
