package io.github.camelmixpanel.export;

import org.apache.camel.Exchange;
import org.apache.camel.spi.Metadata;

/**
 * The headers of each event, and those that the producer reads and sets. A header whose property
 * the event lacks is absent; a batch has those of its window and the line of its first event.
 */
public final class MixpanelExportConstants {

    @Metadata(
            description =
                    "The name of the event; of one in a hot shard, its original name, unless "
                            + "restoreHotShards=false.",
            javaType = "String")
    public static final String EVENT_NAME = "CamelMixpanelExportEventName";

    @Metadata(description = "The event's distinct_id: the user it belongs to.", javaType = "String")
    public static final String DISTINCT_ID = "CamelMixpanelExportDistinctId";

    @Metadata(description = "The event's $insert_id.", javaType = "String")
    public static final String INSERT_ID = "CamelMixpanelExportInsertId";

    @Metadata(
            description =
                    "When the event happened: the true instant in UTC, whatever the time zone of the project.",
            javaType = "java.util.Date")
    public static final String TIME = "CamelMixpanelExportTime";

    @Metadata(
            description = "The same instant in milliseconds since 1970-01-01 UTC.",
            javaType = "long")
    public static final String MESSAGE_TIMESTAMP = Exchange.MESSAGE_TIMESTAMP;

    @Metadata(
            description =
                    "The calendar day of the event in the option timeZone, as yyyy-mm-dd: one of the days of its window, the first one for an event without a time. Name files, partitions and objects by it. Of a batch, absent where its events are of several days.",
            javaType = "String")
    public static final String DAY = "CamelMixpanelExportDay";

    @Metadata(
            description =
                    "The first day of the window that the event was exported in, as yyyy-mm-dd. For the producer: the first day to export, inclusive, as text of that form or a LocalDate; the default is the option fromDate.",
            javaType = "String")
    public static final String FROM_DATE = "CamelMixpanelExportFromDate";

    @Metadata(
            description =
                    "The last day of that window, inclusive, as yyyy-mm-dd. For the producer: the last day to export; the default is the option toDate.",
            javaType = "String")
    public static final String TO_DATE = "CamelMixpanelExportToDate";

    @Metadata(
            description =
                    "Which export of the window this is: 1 for the first, 2 for the next, and so on.",
            javaType = "int")
    public static final String GENERATION = "CamelMixpanelExportGeneration";

    @Metadata(
            description =
                    "The number of the event's line in this download, from 1; of a batch, that of its first event.",
            javaType = "long")
    public static final String LINE = "CamelMixpanelExportLine";

    @Metadata(
            description =
                    "The key that identifies the event: 32 hex digits, the same in every export of the event. Absent with deduplicate=false.",
            javaType = "String")
    public static final String DEDUPE_KEY = "CamelMixpanelExportDedupeKey";

    @Metadata(
            description =
                    "True on the exchange that reports a complete window, whose body is its summary; absent on events. Only with windowComplete=true.",
            javaType = "boolean")
    public static final String WINDOW_COMPLETE = "CamelMixpanelExportWindowComplete";

    @Metadata(
            label = "producer",
            description =
                    "On the reply of the producer: the summary of the window, a map of from, to, events, emitted, duplicates (left out), otherEvents, badLines (set aside), bytes, queries, started, took.",
            javaType = "java.util.Map")
    public static final String SUMMARY = "CamelMixpanelExportSummary";

    @Metadata(
            label = "producer",
            description =
                    "On the reply of the producer to a task: the JSON for operation=COMPLETE that says its window is done. Send it once every event has reached its destination.",
            javaType = "String")
    public static final String OUTCOME = "CamelMixpanelExportOutcome";

    @Metadata(
            label = "producer",
            description =
                    "Set by the producer for a task, also when it fails: the JSON for operation=COMPLETE that says its window is not done, and why. Send it when this or a later step of the route has failed.",
            javaType = "String")
    public static final String FAILURE = "CamelMixpanelExportFailure";

    @Metadata(
            label = "producer",
            description =
                    "For the producer: what to do: EXPORT, TASK, COMPLETE, REEXPORT, RESUME or DROP; the default is the option operation.",
            javaType = "io.github.camelmixpanel.export.option.Operation")
    public static final String OPERATION = "CamelMixpanelExportOperation";

    @Metadata(
            label = "producer",
            description =
                    "For the producer with REEXPORT: what to emit, REPAIR or REPLAY; the default is the option reexport.",
            javaType = "io.github.camelmixpanel.export.option.Reexport")
    public static final String REEXPORT = "CamelMixpanelExportReexport";

    private MixpanelExportConstants() {}
}
