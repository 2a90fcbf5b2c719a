package io.github.camelmixpanel.export.model;

/** The order in which past days are exported. */
public enum BackfillOrder {
    OLDEST,
    NEWEST
}
