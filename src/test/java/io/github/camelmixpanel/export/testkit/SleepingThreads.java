package io.github.camelmixpanel.export.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Proves that no thread of this JVM runs or is about to run, but for the one that asks and those
 * that compile. {@link Thread#getState()} cannot: a thread that has been woken is WAITING until it
 * runs, which takes long on a busy machine. Linux knows; elsewhere only time can be given.
 */
final class SleepingThreads {

    private static final Path TASKS = Path.of("/proc/self/task");
    private static final Path MYSELF = Path.of("/proc/thread-self");
    private static final boolean KNOWN = Files.exists(MYSELF);
    private static final long ELSEWHERE_MILLIS = 3;
    private static final Pattern STATUS =
            Pattern.compile(
                    "Name:\\s(.*)\n(?s:.*)State:\\s(\\S)(?s:.*)\nvoluntary_ctxt_switches:\\s(\\d+)");

    private SleepingThreads() {}

    /**
     * Looks at every thread twice. One that sleeps both times and has not gone to sleep in between
     * has slept all along; if all have, none was left to wake another.
     */
    static boolean areAll() throws InterruptedException {
        if (!KNOWN) {
            Thread.sleep(ELSEWHERE_MILLIS);
            return true;
        }
        try {
            Map<String, String> first = look();
            return first != null && first.equals(look());
        } catch (IOException | DirectoryIteratorException e) {
            return false; // a thread has just ended
        }
    }

    /** How often each thread has gone to sleep, or null if one does not sleep. */
    private static Map<String, String> look() throws IOException {
        String me = Files.readSymbolicLink(MYSELF).getFileName().toString();
        Map<String, String> sleeps = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                String id = task.getFileName().toString();
                if (id.equals(me)) {
                    continue;
                }
                byte[] text = Files.readAllBytes(task.resolve("status"));
                Matcher status = STATUS.matcher(new String(text, StandardCharsets.ISO_8859_1));
                if (!status.find()) {
                    throw new IOException("No status in " + task);
                }
                if (status.group(1).matches("C[12] Compiler.*")) {
                    continue;
                }
                if (!status.group(2).equals("S")) {
                    return null;
                }
                sleeps.put(id, status.group(3));
            }
        }
        return sleeps;
    }
}
