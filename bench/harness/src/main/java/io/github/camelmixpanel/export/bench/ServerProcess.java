package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/** A {@link Server} in a process of its own, until it is closed. */
final class ServerProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    /**
     * @param days the folder with prepared days
     */
    ServerProcess(Path days) throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Server.class.getName(),
                                days.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        port =
                Integer.parseInt(
                        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))
                                .readLine());
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
