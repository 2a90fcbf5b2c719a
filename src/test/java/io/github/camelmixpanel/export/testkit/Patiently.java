package io.github.camelmixpanel.export.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Waits that a busy machine does not fail: they give up after three minutes in which this JVM and
 * the processes that it has started have done next to nothing, and not before. See {@link
 * Progress}.
 */
public final class Patiently {

    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    private final AtomicReference<Throwable> unmet = new AtomicReference<>();
    private boolean ignoresExceptions;

    private Patiently() {}

    /** What a wait is for. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }

    public static Patiently await() {
        return new Patiently();
    }

    /** Takes an exception of the condition for one that does not hold yet. */
    public Patiently ignoreExceptions() {
        ignoresExceptions = true;
        return this;
    }

    /** Returns once this holds; it is asked every 10 ms at first, then more seldom. */
    public void until(Callable<Boolean> condition) {
        CompletableFuture<Void> met = new CompletableFuture<>();
        Thread asking = new Thread(() -> ask(condition, met), "patiently");
        asking.setDaemon(true);
        asking.start();
        try {
            get(met, asking);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting", e);
        } finally {
            asking.interrupt();
        }
    }

    /** Returns once this throws no {@link AssertionError} any more. */
    public void untilAsserted(Assertion assertion) {
        until(
                () -> {
                    try {
                        assertion.check();
                        return true;
                    } catch (AssertionError e) {
                        unmet.set(e);
                        return false;
                    }
                });
    }

    /** What comes of it, as {@link Future#get()} gives it. */
    public static <T> T get(Future<T> future) throws InterruptedException, ExecutionException {
        return new Patiently().get(future, Thread.currentThread());
    }

    private <T> T get(Future<T> future, Thread asking)
            throws InterruptedException, ExecutionException {
        Progress progress = Progress.ofTests(asking);
        while (true) {
            try {
                return future.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (progress.isOver()) {
                    throw new AssertionError(
                            "Gave up waiting for what "
                                    + caller()
                                    + " needs: "
                                    + progress
                                    + (unmet.get() == null ? "" : ". Last found: " + unmet.get()),
                            unmet.get());
                }
            }
        }
    }

    private void ask(Callable<Boolean> condition, CompletableFuture<Void> met) {
        long start = System.nanoTime();
        try {
            while (!holds(condition)) {
                long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                Thread.sleep(
                        Math.max(
                                SHORTEST_PAUSE_MILLIS,
                                Math.min(LONGEST_PAUSE_MILLIS, waited / 100)));
            }
            met.complete(null);
        } catch (Throwable e) { // an Error is for the waiting thread too
            met.completeExceptionally(e);
        }
    }

    private boolean holds(Callable<Boolean> condition) throws Exception {
        try {
            return condition.call();
        } catch (Exception e) {
            if (!ignoresExceptions || e instanceof InterruptedException) {
                throw e;
            }
            unmet.set(e);
            return false;
        }
    }

    private static RuntimeException rethrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }

    /** The line of the test, or of the part of it, that waits. */
    private static String caller() {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.filter(
                                                frame ->
                                                        !frame.getClassName()
                                                                .startsWith(
                                                                        Patiently.class.getName()))
                                        .findFirst()
                                        .map(StackWalker.StackFrame::toStackTraceElement)
                                        .map(StackTraceElement::toString)
                                        .orElse("?"));
    }
}
