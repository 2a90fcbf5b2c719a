package io.github.camelmixpanel.export.internal.durable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Identifies this process to the processes that it locks out. */
public final class ProcessIdentity {

    private ProcessIdentity() {}

    /**
     * @param since when it took the lock
     * @return such as {@code process 17 on host h since 2026-10-20T12:00:00Z}
     */
    public static String since(Instant since) {
        return "process %d on host %s since %s"
                .formatted(
                        ProcessHandle.current().pid(),
                        hostName(),
                        since.truncatedTo(ChronoUnit.SECONDS));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
