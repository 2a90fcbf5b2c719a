package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.testkit.Patiently;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What exports do beside their polls, in threads that they share. */
class WatchTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Watch watch = new Watch(context.getExecutorServiceManager());
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger other = new AtomicInteger();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        context.stop();
    }

    private void hold() {
        held.incrementAndGet();
        try {
            released.await();
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
    }

    private static void nothing() {}

    @Test
    void goesOnWithOthersWhileOneIsHeldUp() {
        watch.begin(this::hold, WatchTest::nothing);
        watch.begin(other::incrementAndGet, WatchTest::nothing);

        Patiently.await().until(() -> other.get() >= 2);
        assertThat(held).hasValue(1);
    }

    @Test
    void interruptsWhatIsHeldUpWhenItsExportEndsAndKeepsThatFromOthers() throws Exception {
        Watch.Watched one = watch.begin(this::hold, WatchTest::nothing);
        watch.begin(
                () -> {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    other.incrementAndGet();
                },
                WatchTest::nothing);
        Patiently.await().until(() -> held.get() == 1);

        one.end();

        interrupted.await();
        int before = other.get();
        Patiently.await().until(() -> other.get() >= before + 2);
        assertThat(held).hasValue(1);
    }

    @Test
    void beginsOnceMoreAfterTheLastExportHasEnded() {
        watch.begin(other::incrementAndGet, WatchTest::nothing).end();
        watch.begin(held::incrementAndGet, WatchTest::nothing);

        Patiently.await().until(() -> held.get() >= 1);
        assertThat(other).hasValue(0);
    }

    @Test
    void goesOnAfterAnError() {
        watch.begin(
                () -> {
                    throw new OutOfMemoryError("of the test");
                },
                WatchTest::nothing);
        watch.begin(other::incrementAndGet, WatchTest::nothing);

        Patiently.await().until(() -> other.get() >= 2);
    }
}
