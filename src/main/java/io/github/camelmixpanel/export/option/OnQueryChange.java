package io.github.camelmixpanel.export.option;

/** What happens when an export starts with another query than the one its ledger was kept for. */
public enum OnQueryChange {
    /** It does not start. */
    FAIL,
    /** All days are exported again. */
    REEXPORT,
    /** What is done stays done; the new query is used for the rest. */
    KEEP
}
