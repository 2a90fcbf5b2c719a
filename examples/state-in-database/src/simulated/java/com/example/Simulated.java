package com.example;

import io.github.camelmixpanel.export.simulator.FirstPoll;
import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/** Three days from a simulated Mixpanel on one machine, and then on another. */
public final class Simulated {

    private static final Path FOLDER = Path.of("target", "simulated");

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            SimulatedAccount.standIn();
            System.setProperty("STATE_DB_URL", "jdbc:h2:./" + FOLDER + "/database");
            runOn("machine 1");
            runOn("machine 2");
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    /** It has the database and nothing else of what the others knew. */
    private static void runOn(String machine) throws Exception {
        System.setProperty(
                "camel.component.mixpanel-export.state-directory",
                FOLDER.resolve(machine).toString());
        FirstPoll.run(new Main());
        System.out.println("after " + machine + ": " + lines() + " events in the files");
    }

    private static long lines() throws IOException {
        long lines = 0;
        try (Stream<Path> files = Files.list(FOLDER.resolve("exported"))) {
            for (Path file : files.toList()) {
                lines += Files.readAllLines(file).size();
            }
        }
        return lines;
    }
}
