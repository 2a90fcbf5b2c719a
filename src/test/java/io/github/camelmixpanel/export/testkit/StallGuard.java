package io.github.camelmixpanel.export.testkit;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Interrupts a test that hangs: see {@link Progress} for what that is on a busy machine. */
public final class StallGuard implements InvocationInterceptor {

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        guard(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        guard(invocation);
    }

    private static void guard(Invocation<Void> invocation) throws Throwable {
        Watch watch = new Watch(Thread.currentThread());
        watch.start();
        try {
            invocation.proceed();
        } catch (Throwable e) {
            if (watch.stalled != null) {
                throw new AssertionError("Gave up on the test: " + watch.stalled, e);
            }
            throw e;
        } finally {
            watch.interrupt();
            watch.join();
            if (watch.stalled != null) {
                Thread.interrupted(); // it may have ended just then
            }
        }
    }

    private static final class Watch extends Thread {

        private final Thread test;
        private volatile String stalled;

        Watch(Thread test) {
            super("stall-guard");
            this.test = test;
            setDaemon(true);
        }

        @Override
        public void run() {
            Progress progress = Progress.ofTests(this);
            try {
                while (!progress.isOver()) {
                    Thread.sleep(1_000);
                }
                stalled = progress.toString();
                test.interrupt();
            } catch (InterruptedException e) {
                // the test has ended
            }
        }
    }
}
