package io.github.camelmixpanel.export.routes;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** A route file, run as a user runs it: by camel-main, with settings as properties. */
final class RunningRoute implements AutoCloseable {

    private final Main main = new Main();

    private RunningRoute(String routeLocation, Properties settings) {
        Properties all = new Properties();
        all.setProperty("camel.component.mixpanel-export.access-token", "any");
        all.setProperty("camel.component.mixpanel-export.project-id", "1");
        all.putAll(settings);
        main.setPropertyPlaceholderLocations("false");
        main.setInitialProperties(all);
        main.configure().withRoutesIncludePattern(routeLocation);
    }

    static RunningRoute start(Path route, Properties settings) {
        RunningRoute running = new RunningRoute("file:" + route, settings);
        running.main.start();
        return running;
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    @Override
    public void close() {
        main.stop();
    }
}
