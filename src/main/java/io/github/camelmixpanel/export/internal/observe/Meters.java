package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.WindowSummary;

/** The meters of an export, or none: Micrometer is optional, and so is a registry of its meters. */
public interface Meters extends AutoCloseable {

    /** Without Micrometer or a registry. */
    Meters NONE = new Meters() {};

    default void committed(WindowSummary summary) {}

    @Override
    default void close() {}
}
