package io.github.camelmixpanel.export.internal.pipeline.admission;

import io.github.camelmixpanel.export.failure.CredentialsException;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.failure.InvalidExportRequestException;
import io.github.camelmixpanel.export.failure.RateLimitedException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.limit.ProjectLimit;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;

/** Decides what the failure of one query means for all exports of its project. Stateless. */
public final class QueryFailure {

    private QueryFailure() {}

    /** Reports it to the project's limit. Called while the query's permit is held. */
    public static void report(
            ExportException failure, ProjectLimit limit, ExportSettings settings, Window window) {
        if (failure instanceof RateLimitedException limited) {
            limit.rateLimited(limited.retryAfter());
        } else if (failure instanceof CredentialsException) {
            limit.refused(settings.credentials().fingerprint());
        } else if (isMixpanels(failure)) {
            limit.failed(settings.name(), window, failure.retryable());
        }
    }

    /**
     * Three failures of the server in a row pause the project; failures of the local disk do not.
     */
    private static boolean isMixpanels(ExportException failure) {
        return failure instanceof TransientExportException
                || failure instanceof UnreachableException
                || failure instanceof IncompleteExportException
                || failure instanceof InvalidExportRequestException;
    }
}
