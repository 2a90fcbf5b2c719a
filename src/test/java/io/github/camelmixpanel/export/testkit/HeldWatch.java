package io.github.camelmixpanel.export.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;

/**
 * What a CamelContext would do each second and each minute, by whole units, is done when the test
 * says so; polls, whose delay is in milliseconds, go on by themselves.
 */
public final class HeldWatch extends DefaultThreadPoolFactory {

    private final List<Runnable> eachSecond = new CopyOnWriteArrayList<>();
    private final List<Runnable> eachMinute = new CopyOnWriteArrayList<>();

    private volatile Thread saysSo;

    public static HeldWatch of(CamelContext context) {
        HeldWatch watch = new HeldWatch();
        context.getExecutorServiceManager().setThreadPoolFactory(watch);
        return watch;
    }

    public void second() {
        run(eachSecond);
    }

    public void minute() {
        run(eachMinute);
    }

    private void run(List<Runnable> tasks) {
        saysSo = Thread.currentThread();
        try {
            tasks.forEach(Runnable::run);
        } finally {
            saysSo = null;
        }
    }

    /** What these tasks leave to other threads is done as well when the call returns. */
    @Override
    public ExecutorService newCachedThreadPool(ThreadFactory threads) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), threads) {
            @Override
            public void execute(Runnable task) {
                if (saysSo == Thread.currentThread()) {
                    task.run();
                } else {
                    super.execute(task);
                }
            }
        };
    }

    @Override
    public ScheduledExecutorService newScheduledThreadPool(
            ThreadPoolProfile profile, ThreadFactory threads) {
        return new ScheduledThreadPoolExecutor(1, threads) {
            @Override
            public ScheduledFuture<?> scheduleWithFixedDelay(
                    Runnable task, long first, long delay, TimeUnit unit) {
                if (unit == TimeUnit.MILLISECONDS) {
                    return super.scheduleWithFixedDelay(task, first, delay, unit);
                }
                (unit == TimeUnit.SECONDS ? eachSecond : eachMinute).add(task);
                return null; // nobody asks for it
            }
        };
    }
}
