package io.github.camelmixpanel.export.internal.pipeline.board;

import io.github.camelmixpanel.export.failure.ExportException;

/** Failed downloads of one window. Not thread-safe. */
final class FailureCount {

    /** Since the last success, or since the retries were used up. */
    private int inARow;

    /** Times that all retries were used up. */
    private int exhausted;

    /** Downloads that broke in their body. */
    private int broken;

    /** Counts one, and says what comes of it. */
    RetryRule.Decision count(ExportException failure, RetryRule rule) {
        RetryRule.Decision decision = rule.after(failure, inARow + 1, exhausted);
        inARow = decision.longWait() ? 0 : inARow + 1;
        exhausted += decision.longWait() ? 1 : 0;
        return decision;
    }

    int countBroken() {
        return ++broken;
    }

    boolean isZero() {
        return inARow == 0 && exhausted == 0 && broken == 0;
    }
}
