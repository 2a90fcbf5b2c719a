package io.github.camelmixpanel.export.internal.settings;

import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.option.OnBadLine;
import io.github.camelmixpanel.export.option.OnFailure;
import io.github.camelmixpanel.export.option.OnQueryChange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import javax.sql.DataSource;

/**
 * All that an export is told, checked and complete. Names and meanings are those of the endpoint
 * options.
 *
 * @param baseUrl scheme, host and port only
 * @param maxInFlight exchanges
 * @param batchSize events an exchange
 * @param maxMessagesPerPoll exchanges; 0 for no bound
 * @param maxLineSize in bytes
 * @param maxSpoolSize in bytes, for this export
 * @param dataSource the database that keeps the state too, or null
 */
public record ExportSettings(
        String name,
        URI baseUrl,
        Credentials credentials,
        ExportQuery query,
        DateRange range,
        int windowDays,
        ZoneId timeZone,
        BackfillOrder backfillOrder,
        LateEventSettings late,
        boolean deduplicate,
        DedupeRecipe dedupeKey,
        int maxConcurrentWindows,
        Limits limits,
        int maxRetries,
        Duration retryDelay,
        Duration windowTimeout,
        TaskSettings tasks,
        int maxInFlight,
        int batchSize,
        int maxMessagesPerPoll,
        boolean windowComplete,
        OnBadLine onBadLine,
        OnFailure onFailure,
        int maxRedeliveries,
        int maxLineSize,
        OnQueryChange onQueryChange,
        Path stateDirectory,
        long maxSpoolSize,
        DataSource dataSource) {}
