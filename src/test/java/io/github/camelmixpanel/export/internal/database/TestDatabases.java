package io.github.camelmixpanel.export.internal.database;

import java.time.Instant;
import java.time.InstantSource;

/** Databases as tests want them. */
public final class TestDatabases {

    private TestDatabases() {}

    /**
     * All is done by the thread that asks, and no lease is renewed or ends by this process's time.
     */
    public static Databases inOneThread(InstantSource clock) {
        return new Databases(clock, () -> Instant.EPOCH, Runnable::run, () -> null);
    }
}
