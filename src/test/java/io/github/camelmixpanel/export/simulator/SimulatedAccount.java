package io.github.camelmixpanel.export.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lets a program that takes its Mixpanel account from the environment run without one.
 *
 * <p>While the environment variable {@code MIXPANEL_PROJECT_ID} is set, it does nothing. Otherwise
 * it starts a simulator, which lives as long as the JVM, with three complete days of events, or as
 * many as the system property {@code simulated.days} says, 20 a day, and sets system properties,
 * which camel-main, Quarkus and Spring Boot put above their files:
 *
 * <ul>
 *   <li>{@code MIXPANEL_PROJECT_ID}, {@code MIXPANEL_SERVICE_ACCOUNT}, {@code
 *       MIXPANEL_SERVICE_ACCOUNT_SECRET}: an account that the simulator accepts, and no other
 *   <li>{@code camel.component.mixpanel-export.base-url}: where it listens
 *   <li>{@code camel.component.mixpanel-export.state-directory} and {@code mixpanel.folder}: in
 *       {@code target/simulated}, which is emptied first
 *   <li>{@code mixpanel.fromDate} and {@code mixpanel.toDate}: these days
 * </ul>
 */
public final class SimulatedAccount {

    private static final String PROJECT_ID = "MIXPANEL_PROJECT_ID";
    private static final Path FOLDER = Path.of("target", "simulated");

    private SimulatedAccount() {}

    /** Stands in for the account, then runs the main class named by the first argument. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            throw new IllegalArgumentException("expected the name of a main class, found nothing");
        }
        standIn();
        try {
            Thread.currentThread()
                    .getContextClassLoader()
                    .loadClass(args[0])
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }

    /**
     * @return whether the simulator stands in for an account
     */
    public static boolean standIn() {
        if (System.getenv(PROJECT_ID) != null) {
            return false;
        }
        delete(FOLDER);
        LocalDate last = LocalDate.now(ZoneOffset.UTC).minusDays(2);
        int count = Integer.getInteger("simulated.days", 3);
        List<LocalDate> days = last.minusDays(count - 1).datesUntil(last.plusDays(1)).toList();
        MixpanelSimulator mixpanel =
                MixpanelSimulator.builder()
                        .serviceAccount("simulated", "not-a-secret", "1234567")
                        .inOrder() // so that each run shows the same
                        .start();
        days.forEach(day -> mixpanel.addEvents(SampleEvents.of(day)));
        System.setProperty(PROJECT_ID, "1234567");
        System.setProperty("MIXPANEL_SERVICE_ACCOUNT", "simulated");
        System.setProperty("MIXPANEL_SERVICE_ACCOUNT_SECRET", "not-a-secret");
        System.setProperty("camel.component.mixpanel-export.base-url", mixpanel.baseUrl());
        System.setProperty(
                "camel.component.mixpanel-export.state-directory",
                FOLDER.resolve("state").toString());
        System.setProperty("mixpanel.folder", FOLDER.resolve("exported").toString());
        System.setProperty("mixpanel.fromDate", days.get(0).toString());
        System.setProperty("mixpanel.toDate", last.toString());
        System.out.println(
                PROJECT_ID
                        + " is not set: exporting "
                        + count
                        + " days of a simulated Mixpanel at "
                        + mixpanel.baseUrl());
        return true;
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
