package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.Callable;

/** How often a program exports. Each time it writes its result, in a line. */
final class Turns {

    /** A program that is started with this exports once for each line of its standard input. */
    static final String OPTION = "-Dturns=true";

    private Turns() {}

    /** Once, unless the process was started with {@link #OPTION}. */
    static void run(Callable<Result> export) throws Exception {
        if (!Boolean.getBoolean("turns")) {
            System.out.println(export.call());
            return;
        }
        BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (turns.readLine() != null) {
            System.out.println(export.call());
        }
    }
}
