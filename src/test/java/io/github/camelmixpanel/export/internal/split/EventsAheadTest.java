package io.github.camelmixpanel.export.internal.split;

import static io.github.camelmixpanel.export.testkit.Patiently.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsAheadTest {

    private static final int LINE_SIZE = 4 * 1024 * 1024;
    private static final EventScanner SCANNER =
            new EventScanner(
                    new EventTime(ZoneId.of("UTC"), false),
                    new ExportQuery(List.of(), null, null, false, true));

    private final List<String> reported = new ArrayList<>();
    private BooleanSupplier goOn = () -> true;
    private final AtomicReference<Thread> reader = new AtomicReference<>();

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        reader.get().join();
    }

    @Test
    void givesEventsAndBadLinesInTheOrderOfTheBody() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int line = 1; line <= 5_000; line++) {
            boolean event = random.nextInt(10) > 0;
            String padding = "x".repeat(random.nextInt(1_000));
            body.append(event ? event(padding) : "bad " + padding).append('\n');
            expected.add((event ? "event " : "bad ") + line);
        }

        try (EventsAhead<String> events = start(stream(body.toString()), 1)) {
            takeAll(events);
        }

        assertThat(reported).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void beginsAtALine() throws Exception {
        String body = (event("") + "\nbad\n").repeat(4);

        try (EventsAhead<String> events = start(stream(body), 5)) {
            takeAll(events);
        }

        assertThat(reported).containsExactly("event 5", "bad 6", "event 7", "bad 8");
    }

    @Test
    void tellsAFailureAfterWhatCameBeforeIt() {
        String body = (event("") + "\nbad\n").repeat(2);
        IOException broken = new IOException("broken");

        assertThatThrownBy(
                        () -> {
                            try (EventsAhead<String> events = start(failing(body, broken), 1)) {
                                takeAll(events);
                            }
                        })
                .isSameAs(broken);
        assertThat(reported).containsExactly("event 1", "bad 2", "event 3", "bad 4");
    }

    @Test
    void takesNoFailureForTheEndOfTheBody() {
        for (Throwable failure :
                List.of(new OutOfMemoryError("none left"), new ClassCastException())) {
            assertThatThrownBy(
                            () -> {
                                try (EventsAhead<String> events =
                                        start(failing(event(""), failure), 1)) {
                                    takeAll(events);
                                }
                            })
                    .isSameAs(failure);
        }
    }

    @Test
    void endsWhenABadLineCannotBeSetAside() {
        BadLines full =
                (line, reason, bytes) -> {
                    throw new SpoolException("full");
                };

        assertThatThrownBy(
                        () -> {
                            try (EventsAhead<String> events =
                                    EventsAhead.start(
                                            lines(stream("bad\n")),
                                            SCANNER,
                                            BodyOffsets.NONE,
                                            EventsAheadTest::made,
                                            full,
                                            1,
                                            () -> true,
                                            this::run)) {
                                events.next();
                            }
                        })
                .isInstanceOf(SpoolException.class);
    }

    @Test
    void readsAheadNoMoreThanAMebibyteAndABlock() throws Exception {
        CountedStream body = new CountedStream((event("x".repeat(1_000)) + "\n").repeat(10_000));
        try (EventsAhead<String> events = start(body, 1)) {
            await().until(() -> reader.get().getState() == Thread.State.WAITING);

            assertThat(body.read).isBetween(1 << 20, (1 << 20) + 3 * LineReader.BLOCK_BYTES);
            takeAll(events);
        }
        assertThat(reported).hasSize(10_000);
    }

    @Test
    void passesLinesThatAreLargerThanAllItsRoom() throws Exception {
        String body = (event("x".repeat(LINE_SIZE - 100)) + "\n").repeat(5);

        try (EventsAhead<String> events = start(stream(body), 1)) {
            takeAll(events);
        }

        assertThat(reported).hasSize(5);
    }

    @Test
    void endsItsThreadAndClosesTheBodyWhenItIsClosedEarly() throws Exception {
        CountedStream body = new CountedStream((event("x".repeat(1_000)) + "\n").repeat(10_000));
        EventsAhead<String> events = start(body, 1);
        events.next();
        await().until(() -> reader.get().getState() == Thread.State.WAITING);

        Thread.currentThread().interrupt();
        events.close();

        assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
        assertThat(body.closed).isTrue();
        assertThat(body.read).isLessThan(body.length);
    }

    @Test
    void passesOverLinesOnlyAsLongAsItIsToGoOn() throws Exception {
        CountedStream body = new CountedStream((event("x".repeat(1_000)) + "\n").repeat(10_000));
        int[] asked = {0};
        goOn = () -> ++asked[0] <= 3_000;
        try (EventsAhead<String> events = start(body, 9_000)) {
            assertThat(events.next()).isNull();
            assertThat(events.isStopped()).isTrue();
        }
        assertThat(body.read).isLessThan(body.length / 2);
    }

    @Test
    void takesAStopForNoEndOfTheBody() throws Exception {
        String body = (event("x".repeat(1_000)) + "\n").repeat(1_000);
        int[] asked = {0};
        goOn = () -> ++asked[0] <= 3;
        try (EventsAhead<String> events = start(stream(body), 1)) {
            takeAll(events);
            assertThat(events.isStopped()).isTrue();
        }
        assertThat(reported).hasSizeBetween(1, 999);
        reported.clear();
        goOn = () -> true;
        try (EventsAhead<String> events = start(stream(body), 1)) {
            takeAll(events);
            assertThat(events.isStopped()).isFalse();
        }
        assertThat(reported).hasSize(1_000);
    }

    private EventsAhead<String> start(InputStream body, long firstLine) throws IOException {
        return EventsAhead.start(
                lines(body),
                SCANNER,
                BodyOffsets.NONE,
                EventsAheadTest::made,
                (line, reason, bytes) -> reported.add("bad " + line),
                firstLine,
                goOn,
                this::run);
    }

    private void run(Runnable work) {
        Thread thread = new Thread(work);
        reader.set(thread);
        thread.start();
    }

    private void takeAll(EventsAhead<String> events) throws Exception {
        while (events.next() != null) {
            reported.add(events.made());
        }
    }

    private static String made(ExportEvent event) {
        return "event " + event.line();
    }

    private static LineReader lines(InputStream body) {
        return new LineReader(body, LINE_SIZE);
    }

    private static String event(String padding) {
        return "{\"event\":\"a\",\"properties\":{\"x\":\"" + padding + "\"}}";
    }

    private static InputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(UTF_8));
    }

    static InputStream failing(String body, Throwable failure) {
        return new SequenceInputStream(
                stream(body),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        if (failure instanceof IOException io) {
                            throw io;
                        }
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) failure;
                    }

                    @Override
                    public int read(byte[] b, int off, int len) throws IOException {
                        return read();
                    }
                });
    }

    private static final class CountedStream extends ByteArrayInputStream {

        private final int length;
        private volatile int read;
        private volatile boolean closed;

        private CountedStream(String body) {
            super(body.getBytes(UTF_8));
            this.length = body.length();
        }

        @Override
        public int read(byte[] b, int off, int len) {
            int n = super.read(b, off, len);
            read += Math.max(0, n);
            return n;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
