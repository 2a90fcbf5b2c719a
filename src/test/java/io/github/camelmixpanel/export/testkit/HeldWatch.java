package io.github.camelmixpanel.export.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
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

    public static HeldWatch of(CamelContext context) {
        HeldWatch watch = new HeldWatch();
        context.getExecutorServiceManager().setThreadPoolFactory(watch);
        return watch;
    }

    public void second() {
        eachSecond.forEach(Runnable::run);
    }

    public void minute() {
        eachMinute.forEach(Runnable::run);
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
