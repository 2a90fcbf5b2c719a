package io.github.camelmixpanel.export.option;

/** What happens when an export starts with another query than the one its ledger was kept for. */
public enum OnQueryChange {
    /** It does not start. */
    FAIL,
    /** All days are exported again. */
    REEXPORT,
    /** Days that are done stay done; the new query exports the rest. */
    KEEP
}
