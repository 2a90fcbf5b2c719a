package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** Finds the meters of an export, without needing Micrometer where there is none. */
public final class AvailableMeters {

    private AvailableMeters() {}

    public static Meters of(
            CamelContext context, String export, Supplier<Optional<ExportSnapshot>> source) {
        // the loader of this class is the one that links MicrometerMeters
        ClassLoader loader = Meters.class.getClassLoader();
        try {
            Class.forName("io.micrometer.core.instrument.MeterRegistry", false, loader);
        } catch (ClassNotFoundException e) {
            return Meters.NONE;
        }
        return MicrometerMeters.bind(context, export, source);
    }
}
