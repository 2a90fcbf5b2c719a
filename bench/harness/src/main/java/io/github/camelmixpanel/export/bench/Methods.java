package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.nio.file.Path;

/** What single methods take, by JMH. */
final class Methods {

    private Methods() {}

    /** A table. */
    static String measure(Path folder, boolean quick) throws IOException, InterruptedException {
        return "";
    }
}
