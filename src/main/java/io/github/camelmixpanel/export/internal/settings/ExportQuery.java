package io.github.camelmixpanel.export.internal.settings;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every query of an export asks for: the API's {@code event}, {@code where}, {@code limit} and
 * {@code time_in_ms}.
 *
 * <p>Where one {@code distinct_id} has too many events per day (about 200,000), Mixpanel may move
 * them to a hot shard: they are then named {@value #HOT_SHARD}, and {@code mp_original_event_name}
 * has the name they came with (documented). A query for that name does not find them.
 *
 * @param events names of the events wanted; empty for all
 * @param where a Mixpanel expression, or null
 * @param limit the most events per window (1 to 100,000), or null for all
 * @param timeInMs whether {@code time} comes in milliseconds instead of seconds
 * @param restoreHotShards whether an event in a hot shard goes by the name it came with
 */
public record ExportQuery(
        List<String> events,
        String where,
        Integer limit,
        boolean timeInMs,
        boolean restoreHotShards) {

    /** The name of all events in hot shards. */
    public static final String HOT_SHARD = "$hotshard_events";

    public ExportQuery {
        events = List.copyOf(events);
    }

    /**
     * The names to ask for; empty for all. Among them is that of the hot shards where wanted events
     * may be in one, and then an answer may hold events that are not wanted.
     */
    public List<String> namesToAskFor() {
        return events.isEmpty() || !restoreHotShards || events.contains(HOT_SHARD)
                ? events
                : Stream.concat(events.stream(), Stream.of(HOT_SHARD)).toList();
    }

    /** Whether an event of an answer is one of those wanted. */
    public boolean wants(ExportEvent event) {
        return events.isEmpty() // so most exports need no name
                || !restoreHotShards
                || events.contains(HOT_SHARD)
                || !HOT_SHARD.equals(event.name())
                || event.originalName() != null && events.contains(event.originalName());
    }
}
