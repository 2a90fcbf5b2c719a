package io.github.camelmixpanel.export.simulator;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a simulator from the command line until it is killed.
 *
 * <p>Options, each as an argument or as a system property:
 *
 * <ul>
 *   <li>{@code --port=8080}, {@code -Dsimulator.port=8080}: the port; default a free one
 *   <li>{@code --events=folder}, {@code -Dsimulator.events=folder}: a folder of {@code
 *       YYYY-MM-DD.jsonl} or {@code .jsonl.gz} files; default no events
 *   <li>{@code --zone=Europe/Berlin}, {@code -Dsimulator.zone=Europe/Berlin}: the project's zone;
 *       default UTC
 *   <li>{@code --account=user:secret:project}, {@code -Dsimulator.account=user:secret:project}: the
 *       service account that is let in, for this project alone; default anybody, for any project
 * </ul>
 *
 * <p>The first line it prints ends with its base URL.
 */
public final class SimulatorMain {

    private static final List<String> OPTIONS = List.of("port", "events", "zone", "account");

    private SimulatorMain() {}

    public static void main(String[] args) throws InterruptedException {
        start(System.out, args);
        new CountDownLatch(1).await();
    }

    static MixpanelSimulator start(PrintStream out, String... args) {
        for (String arg : args) {
            if (OPTIONS.stream().noneMatch(option -> arg.startsWith("--" + option + "="))) {
                throw new IllegalArgumentException(
                        "expected --port=…, --events=…, --zone=… or --account=…, found " + arg);
            }
        }
        MixpanelSimulator.Builder builder =
                MixpanelSimulator.builder()
                        .port(Integer.parseInt(option("port", "0", args)))
                        .timeZone(ZoneId.of(option("zone", "UTC", args)));
        String account = option("account", "", args);
        if (!account.isEmpty()) {
            String[] parts = account.split(":", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException(
                        "expected --account=user:secret:project, found " + parts.length + " parts");
            }
            builder.serviceAccount(parts[0], parts[1], parts[2]);
        }
        MixpanelSimulator simulator = builder.start();
        String folder = option("events", "", args);
        if (!folder.isEmpty()) {
            simulator.addFolder(Path.of(folder));
        }
        out.println("Mixpanel simulator: " + simulator.baseUrl());
        return simulator;
    }

    private static String option(String name, String otherwise, String... args) {
        String prefix = "--" + name + "=";
        return Arrays.stream(args)
                .filter(arg -> arg.startsWith(prefix))
                .map(arg -> arg.substring(prefix.length()))
                .findFirst()
                .orElse(System.getProperty("simulator." + name, otherwise));
    }
}
