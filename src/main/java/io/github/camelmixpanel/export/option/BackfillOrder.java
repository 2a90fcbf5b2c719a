package io.github.camelmixpanel.export.option;

/** The order in which past days are exported. */
public enum BackfillOrder {
    OLDEST,
    NEWEST
}
