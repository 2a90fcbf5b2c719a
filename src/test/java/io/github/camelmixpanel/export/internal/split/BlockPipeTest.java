package io.github.camelmixpanel.export.internal.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BlockPipeTest {

    private final BlockPipe pipe = new BlockPipe();

    @Test
    void givesAllBytesInTheirOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] bytes = new byte[3_000_000];
        random.nextBytes(bytes);

        Thread filler = fill(new ChunkedStream(bytes, random, 200_000));

        assertThat(new ChunkedReads(pipe, random).readAllBytes())
                .as("seed %d", seed)
                .isEqualTo(bytes);
        filler.join();
    }

    @Test
    void takesNoFailureForTheEndOfTheBody() throws Exception {
        for (Throwable failure :
                List.of(
                        new IOException("broken"),
                        new OutOfMemoryError("none left"),
                        new ClassCastException())) {
            BlockPipe broken = new BlockPipe();
            broken.fill(EventsAheadTest.failing("abc", failure));

            assertThat(broken.readNBytes(3)).isEqualTo("abc".getBytes(UTF_8));
            assertThatThrownBy(broken::read).isSameAs(failure);
            assertThatThrownBy(broken::read).as("again").isSameAs(failure);
        }
    }

    @Test
    void isFilledNoFurtherWhenNobodyReads() throws Exception {
        CompletableFuture<Long> read = new CompletableFuture<>();
        EndlessStream endless = new EndlessStream();
        Thread filler =
                new Thread(
                        () -> {
                            pipe.fill(endless);
                            read.complete(endless.read);
                        });
        filler.start();
        await().until(() -> filler.getState() == Thread.State.WAITING);

        assertThat(endless.read).isEqualTo(8 * 64 * 1024);
        pipe.close();
        assertThat(read.get()).isEqualTo(8 * 64 * 1024);
    }

    @Test
    void aThreadThatIsInterruptedWhileItFillsBreaksTheBody() throws Exception {
        Thread filler = fill(new EndlessStream());
        await().until(() -> filler.getState() == Thread.State.WAITING);

        filler.interrupt();
        filler.join();

        assertThatThrownBy(pipe::readAllBytes).isInstanceOf(InterruptedIOException.class);
    }

    private Thread fill(InputStream source) {
        Thread filler = new Thread(() -> pipe.fill(source));
        filler.start();
        return filler;
    }

    /** Reads in pieces of any size. */
    private static final class ChunkedReads extends InputStream {

        private final InputStream source;
        private final Random random;

        private ChunkedReads(InputStream source, Random random) {
            this.source = source;
            this.random = random;
        }

        @Override
        public int read() throws IOException {
            return source.read();
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            return source.read(b, off, len == 0 ? 0 : 1 + random.nextInt(len));
        }
    }

    private static final class EndlessStream extends InputStream {

        private volatile long read;

        @Override
        public int read() {
            throw new UnsupportedOperationException("in blocks only");
        }

        @Override
        public int read(byte[] b, int off, int len) {
            read += len;
            return len;
        }
    }
}
