package io.github.camelmixpanel.export.demo;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/**
 * The README's first command: one whole export through {@code routes/export-to-files.xml}, then a
 * summary, then the end. It exports the project that the environment names, or else the example
 * week from the simulator.
 *
 * <p>With the argument {@code page} it runs {@code routes/export-with-page.yaml} instead, until it
 * is stopped, and the status page with it.
 *
 * <p>Exit code 0 when every due day is exported, else 1, with the reason on standard error. Run it
 * from the folder of the project. It never prints a secret.
 */
public final class ExportDemo {

    private static final String EXPORT = "export-to-files";
    private static final Path ROUTE = Path.of("routes", EXPORT + ".xml");
    private static final Path EXAMPLE_DATA = Path.of("examples", "data");
    private static final int SHOWN_LINES = 3;

    private final Map<String, String> environment;
    private final Properties overrides;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param overrides settings that win over those of the demo
     */
    ExportDemo(
            Map<String, String> environment,
            Properties overrides,
            PrintStream out,
            PrintStream err) {
        this.environment = environment;
        this.overrides = overrides;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.setProperty("log4j2.configurationFile", "demo/log4j2.properties");
        boolean page = List.of(args).equals(List.of("page"));
        System.exit(
                new ExportDemo(
                                System.getenv(),
                                page ? withPage() : new Properties(),
                                System.out,
                                System.err)
                        .run());
    }

    static Properties withPage() {
        Properties settings = new Properties();
        settings.setProperty(
                "camel.main.routes-include-pattern", "file:routes/export-with-page.yaml");
        settings.setProperty("mixpanel.pageActions", "true");
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.server.host", "127.0.0.1");
        settings.setProperty("camel.server.port", "8080");
        return settings;
    }

    int run() {
        try {
            if (!Files.exists(ROUTE)) {
                throw new IllegalStateException(
                        ROUTE
                                + " is not here, in "
                                + Path.of("").toAbsolutePath()
                                + ". Run this in the folder of the project.");
            }
            Optional<Account> account = Account.of(environment);
            if (account.isPresent()) {
                out.println(
                        "Exporting your project "
                                + account.get().projectId()
                                + ": its last 7 days and today, and later what is new.");
                return export(account.get().settings());
            }
            return exportExample();
        } catch (Exception e) {
            err.println("The export did not start: " + Account.hide(environment, reason(e)));
            return 1;
        }
    }

    private int exportExample() throws Exception {
        Properties settings = load("demo/simulator.properties");
        settings.putAll(overrides);
        delete(Path.of(settings.getProperty("mixpanel.stateDirectory")));
        delete(Path.of(settings.getProperty("mixpanel.folder")));
        try (MixpanelSimulator simulator =
                MixpanelSimulator.builder()
                        .serviceAccount(
                                settings.getProperty(
                                        "camel.component.mixpanel-export.service-account"),
                                settings.getProperty(
                                        "camel.component.mixpanel-export.service-account-secret"),
                                settings.getProperty("camel.component.mixpanel-export.project-id"))
                        .start()
                        .addFolder(EXAMPLE_DATA)) {
            settings.setProperty("camel.component.mixpanel-export.base-url", simulator.baseUrl());
            out.println(
                    "No MIXPANEL_ variables are set: exporting the example week from a simulated Mixpanel at "
                            + simulator.baseUrl()
                            + ".");
            return export(settings);
        }
    }

    private int export(Properties settings) throws Exception {
        settings.putAll(load("demo/demo.properties"));
        settings.putAll(overrides);
        if (settings.containsKey("camel.server.port")) {
            return keepRunning(settings);
        }
        Path state = Path.of(settings.getProperty("mixpanel.stateDirectory", ".mixpanel-export"));
        Path folder = Path.of(settings.getProperty("mixpanel.folder", "exported"));
        ExportState before = ExportState.read(state, EXPORT);
        long start = System.nanoTime();

        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.setInitialProperties(settings);
        OnePoll poll = new OnePoll(main::completed);
        main.bind("onePoll", poll);
        main.run();

        double seconds = (System.nanoTime() - start) / 1e9;
        ExportState done = ExportState.read(state, EXPORT).since(before);
        summary(done, folder, seconds);
        out.println(
                "To watch an export in a browser while it runs: mvn -q test-compile exec:java -Dexec.args=page");
        if (poll.failure() != null) {
            err.println(
                    "The export is not finished: "
                            + poll.failure()
                            + "\nWhat is done is kept: the same command goes on from here.");
            return 1;
        }
        if (done.commits().isEmpty()) {
            out.println("There was nothing new: a day is due once, an hour after its end.");
        }
        return 0;
    }

    private int keepRunning(Properties settings) throws Exception {
        out.printf(
                "Look at http://localhost:%s/mixpanel-export/ (Ctrl-C ends it).%n",
                settings.getProperty("camel.server.port"));
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.setInitialProperties(settings);
        main.run();
        return 0;
    }

    private void summary(ExportState done, Path folder, double seconds) throws IOException {
        out.printf(
                Locale.ROOT,
                "%nDone: %d windows, %,d events, %d queries, %.1f s.%n",
                done.commits().size(),
                done.events(),
                done.queries().size(),
                seconds);
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            return;
        }
        long lines = 0;
        for (Path file : files) {
            lines += Files.readAllLines(file).size();
        }
        out.printf(
                Locale.ROOT, "Files: %s, %d of them with %,d lines. ", folder, files.size(), lines);
        out.println("The first lines of " + files.get(0) + ":");
        try (Stream<String> first = Files.lines(files.get(0))) {
            first.limit(SHOWN_LINES).forEach(out::println);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    private static Properties load(String resource) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ExportDemo.class.getClassLoader().getResourceAsStream(resource)) {
            properties.load(in);
        }
        return properties;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** The innermost message: what Camel wraps around it names the route, not the mistake. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
