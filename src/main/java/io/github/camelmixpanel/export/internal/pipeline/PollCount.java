package io.github.camelmixpanel.export.internal.pipeline;

import io.github.camelmixpanel.export.internal.pipeline.board.Board;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps a poll inside {@code maxMessagesPerPoll}: exchanges and tasks count alike. Thread-safe. */
final class PollCount {

    private final int most;
    private final Board board;
    private final AtomicInteger emitted = new AtomicInteger();

    /**
     * @param most 0 for no bound
     */
    PollCount(int most, Board board) {
        this.most = most;
        this.board = board;
    }

    /** A poll begins. */
    void begin() {
        emitted.set(0);
    }

    /** The polling thread emits an exchange. */
    void exchange() {
        emitted.incrementAndGet();
    }

    /** Another thread issues a task, which may be the last of this poll. */
    void task() {
        emitted.incrementAndGet();
        if (!isBelowBound()) {
            board.pause();
        }
    }

    boolean isBelowBound() {
        return most == 0 || emitted.get() < most;
    }

    int emitted() {
        return emitted.get();
    }
}
