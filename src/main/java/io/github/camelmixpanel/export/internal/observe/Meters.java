package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** The meters of an export, or none: Micrometer is optional, and so is a registry of its meters. */
public interface Meters extends AutoCloseable {

    /** Without Micrometer or a registry. */
    Meters NONE =
            new Meters() {
                @Override
                public void committed(WindowSummary summary) {}

                @Override
                public void close() {}
            };

    void committed(WindowSummary summary);

    @Override
    void close();

    static Meters of(
            CamelContext context, String export, Supplier<Optional<ExportSnapshot>> source) {
        // the loader of this class is the one that links MicrometerMeters
        ClassLoader loader = Meters.class.getClassLoader();
        try {
            Class.forName("io.micrometer.core.instrument.MeterRegistry", false, loader);
        } catch (ClassNotFoundException e) {
            return NONE;
        }
        return MicrometerMeters.bind(context, export, source).orElse(NONE);
    }
}
