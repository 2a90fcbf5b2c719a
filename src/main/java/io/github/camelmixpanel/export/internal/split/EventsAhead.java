package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.HelperThread;
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
 * The events of a body in their order, read by another thread while this one works with those
 * before: a body is inflated and cut on one core while the route has the other. With each event
 * comes what the caller wants to have made of it there.
 *
 * <p>What is wrong with a line, or with the body, is told here where it stands among the events,
 * and by the thread that takes them. Memory: a mebibyte of lines that are read ahead, and two more
 * of the largest. Used by one thread; closing it ends the other before it returns.
 */
public final class EventsAhead<T> implements Closeable {

    private static final int BATCH_BYTES = 128 * 1024;
    private static final int BYTES_AHEAD = 1024 * 1024;

    private final LineReader lines;
    private final BadLines badLines;
    private final Function<ExportEvent, T> make;
    private final BlockingQueue<Batch<T>> ready = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(BYTES_AHEAD);
    private final FutureTask<Void> reading;
    private Batch<T> taken = new Batch<>();
    private int nextEvent;
    private int nextBadLine;
    private final BooleanSupplier goOn;
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

        /** A line that is larger than all the room takes all of it. */
        private int permits() {
            return Math.min(bytes, BYTES_AHEAD);
        }
    }

    private EventsAhead(
            LineReader lines,
            EventScanner scanner,
            BodyOffsets noted,
            Function<ExportEvent, T> make,
            BadLines badLines,
            long firstLine,
            BooleanSupplier goOn) {
        this.lines = lines;
        this.make = make;
        this.badLines = badLines;
        this.goOn = goOn;
        this.reading = new FutureTask<>(() -> read(scanner, noted, firstLine), null);
    }

    /**
     * @param lines closed by this, whatever happens
     * @param noted the places of its fields, as they were found before
     * @param make done with each event by the other thread
     * @param badLines told by the thread that takes the events
     * @param firstLine lines before it are passed over without a look at them
     * @param goOn asked by the other thread before each line that it passes over, and now and then;
     *     must be cheap
     * @param threads starts a thread for it; an executor that drops what it has not begun is none
     */
    public static <T> EventsAhead<T> start(
            LineReader lines,
            EventScanner scanner,
            BodyOffsets noted,
            Function<ExportEvent, T> make,
            BadLines badLines,
            long firstLine,
            BooleanSupplier goOn,
            Executor threads)
            throws IOException {
        EventsAhead<T> ahead =
                new EventsAhead<>(lines, scanner, noted, make, badLines, firstLine, goOn);
        boolean started = false;
        try {
            threads.execute(ahead.reading);
            started = true;
            return ahead;
        } finally {
            if (!started) {
                lines.close();
            }
        }
    }

    /**
     * The next event, or null at the end of the body, or when it was not to go on.
     *
     * @throws IOException when the body cannot be read to its end
     * @throws ExportException when a bad line cannot be set aside
     */
    public ExportEvent next() throws IOException, ExportException, InterruptedException {
        while (nextEvent == taken.events.size()) {
            tellBadLines(Long.MAX_VALUE);
            if (taken.isLast) {
                if (taken.failure != null) {
                    throw HelperThread.failed(taken.failure);
                }
                return null;
            }
            room.release(taken.permits());
            taken = ready.take();
            nextEvent = 0;
            nextBadLine = 0;
        }
        ExportEvent event = taken.events.get(nextEvent++);
        tellBadLines(event.line());
        return event;
    }

    /** What was made of the event that was given last. */
    public T made() {
        return taken.made.get(nextEvent - 1);
    }

    /** Whether the body ended before its end, as it was not to go on. */
    public boolean isStopped() {
        return taken.stopped;
    }

    private void tellBadLines(long before) throws ExportException {
        while (nextBadLine < taken.badLines.size()) {
            BadLine bad = taken.badLines.get(nextBadLine);
            if (bad.line() > before) {
                return;
            }
            nextBadLine++;
            badLines.found(bad.line(), bad.reason(), bad.bytes());
        }
    }

    /** Of the other thread: reads until the end, a failure, or {@link #close}. */
    private void read(EventScanner scanner, BodyOffsets noted, long firstLine) {
        Filling filling = new Filling();
        try (EventReader events =
                new EventReader(lines, scanner, filling, BodyOffsets.NONE, noted)) {
            events.skipTo(firstLine, this::goesOn);
            boolean goesOn = goesOn();
            for (ExportEvent event; goesOn && (event = events.next()) != null; ) {
                goesOn = !filling.add(event) || goesOn();
            }
            filling.batch.stopped = !goesOn;
        } catch (Throwable e) { // told to the thread that waits for events
            filling.batch.failure = e;
        }
        filling.batch.isLast = true;
        ready.add(filling.batch); // never waits: the last thing of this thread
    }

    private boolean goesOn() {
        return !closed && goOn.getAsBoolean();
    }

    private final class Filling implements BadLines {

        private Batch<T> batch = new Batch<>();

        /** Whether a batch is full, and handed over. */
        private boolean add(ExportEvent event) {
            batch.events.add(event);
            batch.made.add(make.apply(event));
            return taken(event.json().length);
        }

        @Override
        public void found(long line, String reason, byte[] bytes) {
            batch.badLines.add(new BadLine(line, reason, bytes));
            taken(bytes.length);
        }

        private boolean taken(int bytes) {
            batch.bytes += bytes;
            if (batch.bytes < BATCH_BYTES) {
                return false;
            }
            room.acquireUninterruptibly(batch.permits());
            ready.add(batch);
            batch = new Batch<>();
            return true;
        }
    }

    @Override
    public void close() {
        closed = true;
        room.release(2 * BYTES_AHEAD); // enough for what it may wait with
        try {
            HelperThread.outcome(reading);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading ahead did not end as it should", e.getCause());
        }
    }
}
