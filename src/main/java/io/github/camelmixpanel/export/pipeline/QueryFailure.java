package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.limit.ProjectLimit;
import io.github.camelmixpanel.export.model.CredentialsException;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.IncompleteExportException;
import io.github.camelmixpanel.export.model.InvalidExportRequestException;
import io.github.camelmixpanel.export.model.RateLimitedException;
import io.github.camelmixpanel.export.model.TransientExportException;
import io.github.camelmixpanel.export.model.UnreachableException;
import io.github.camelmixpanel.export.model.Window;

/** What the failure of one query means to all exports of its project. Stateless. */
final class QueryFailure {

    private QueryFailure() {}

    /** Tells the project. To be called while the query's permit is held. */
    static void tell(ExportException failure, ProjectLimit limit, String export, Window window) {
        if (failure instanceof RateLimitedException limited) {
            limit.rateLimited(limited.retryAfter());
        } else if (failure instanceof CredentialsException) {
            limit.refused();
        } else if (isMixpanels(failure)) {
            limit.failed(export, window, failure.retryable());
        }
    }

    /**
     * Three failures of the server in a row pause the project; those of our disk are none of its.
     */
    private static boolean isMixpanels(ExportException failure) {
        return failure instanceof TransientExportException
                || failure instanceof UnreachableException
                || failure instanceof IncompleteExportException
                || failure instanceof InvalidExportRequestException;
    }
}
