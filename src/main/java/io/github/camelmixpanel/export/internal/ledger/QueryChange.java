package io.github.camelmixpanel.export.internal.ledger;

import io.github.camelmixpanel.export.failure.LedgerException;
import io.github.camelmixpanel.export.internal.ledger.LedgerReader.Contents;
import io.github.camelmixpanel.export.option.OnQueryChange;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a ledger over to the query of its export only as {@code onQueryChange} allows. */
final class QueryChange {

    private static final Logger LOG = LoggerFactory.getLogger(QueryChange.class);

    private QueryChange() {}

    /**
     * The state to go on with.
     *
     * @throws LedgerException when the query has changed and {@code onQueryChange} is {@code FAIL}
     */
    static LedgerState apply(
            Contents found, LedgerHeader wanted, OnQueryChange onQueryChange, Path file)
            throws LedgerException {
        if (found.header().fingerprint().equals(wanted.fingerprint())) {
            return found.state();
        }
        String differences = wanted.differencesFrom(found.header());
        if (onQueryChange == OnQueryChange.FAIL) {
            throw new LedgerException(
                    """
                    Export %s asks for something else than ledger %s was kept for (%s). Either change it back, or set\
                     onQueryChange=REEXPORT to export all days again, or set onQueryChange=KEEP to keep what is done\
                     and use the new query for the rest"""
                            .formatted(wanted.name(), file, differences));
        }
        boolean reexport = onQueryChange == OnQueryChange.REEXPORT;
        LOG.info(
                "Export {} has a new query ({}); {}",
                wanted.name(),
                differences,
                reexport ? "exporting all days again" : "keeping the days that are done");
        return reexport ? found.state().reopened() : found.state();
    }
}
