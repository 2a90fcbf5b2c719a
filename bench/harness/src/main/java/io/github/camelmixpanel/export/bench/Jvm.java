package io.github.camelmixpanel.export.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM with its settings, and the class path that it runs with: jars only, as an archive wants.
 */
record Jvm(Path java, String classPath, List<String> options) {

    static final String SERIAL = "-XX:+UseSerialGC";
    static final String C1 = "-XX:TieredStopAtLevel=1";

    /** That of this process, as it is by default. */
    static Jvm ofThisProcess() {
        return new Jvm(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                List.of());
    }

    Jvm with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Jvm(java, classPath, List.copyOf(all));
    }

    /** With another jar of the component. */
    Jvm withComponent(String jar) {
        String other =
                classPath.replaceFirst(
                        "[^:]*/camel-mixpanel-export-[\\d.]+(-SNAPSHOT)?\\.jar", jar);
        if (other.equals(classPath)) {
            throw new IllegalArgumentException(
                    "the component is not in the class path: " + classPath);
        }
        return new Jvm(java, other, options);
    }

    /** The command that runs a class. */
    List<String> command(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        return command;
    }
}
