package io.github.camelmixpanel.export.internal.durable;

import io.github.camelmixpanel.export.failure.ExportException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for a helper thread, and passes its failure on to the thread it helps. */
public final class HelperThread {

    private HelperThread() {}

    /**
     * Waits for work of another thread, even when this thread is interrupted: the work is about to
     * end, and uses what is closed next. A thread that was interrupted stays so.
     *
     * @throws ExecutionException when the work failed
     */
    public static <T> T outcome(Future<T> work) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Throws the failure of the other thread.
     *
     * @return never, so that the compiler knows that the caller ends here
     */
    public static IllegalStateException failed(Throwable failure)
            throws IOException, ExportException {
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof ExportException export) {
            throw export;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(failure);
    }
}
