package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.WindowSummary;

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
}
