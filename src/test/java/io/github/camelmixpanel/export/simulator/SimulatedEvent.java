package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * An event with a history: what an export shows of it depends on the simulator's clock at the
 * query. For {@link MixpanelSimulator#add(SimulatedEvent...)}.
 *
 * <pre>{@code
 * mixpanel.simulator().add(
 *         SimulatedEvent.named("view", Instant.parse("2026-10-20T09:00:00Z"))
 *                 .insertId("a").distinctId("device-1")
 *                 .processedAt(Instant.parse("2026-10-23T18:00:00Z"))
 *                 .mergedAt(Instant.parse("2026-10-24T00:00:00Z"), "user-1"));
 * }</pre>
 *
 * <p>It belongs to the project's local date of its time. Every change takes effect at its instant,
 * inclusive. Immutable: each method returns another event.
 */
public final class SimulatedEvent implements Block {

    private static final ObjectWriter WRITER = StoredEvent.JSON.writer(new RawControls());

    private record Change(Instant at, Map<String, Object> properties) {}

    private final String name;
    private final Instant time;
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final List<Instant> processed = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private TimeForm timeForm = TimeForm.SECONDS;
    private Duration lag = Duration.ZERO;
    private boolean tellsProcessing = true;
    private boolean hotShard;
    private Instant compacted = Instant.MAX;
    private Instant deleted = Instant.MAX;

    private SimulatedEvent(String name, Instant time) {
        this.name = Objects.requireNonNull(name, "name");
        this.time = Objects.requireNonNull(time, "time");
    }

    /**
     * An event without an id of any kind, which Mixpanel has processed a second after it happened.
     */
    public static SimulatedEvent named(String name, Instant time) {
        SimulatedEvent event = new SimulatedEvent(name, time);
        event.processed.add(time.plusSeconds(1));
        return event;
    }

    private SimulatedEvent with(Consumer<SimulatedEvent> change) {
        SimulatedEvent copy = new SimulatedEvent(name, time);
        copy.properties.putAll(properties);
        copy.processed.addAll(processed);
        copy.changes.addAll(changes);
        copy.timeForm = timeForm;
        copy.lag = lag;
        copy.tellsProcessing = tellsProcessing;
        copy.hotShard = hotShard;
        copy.compacted = compacted;
        copy.deleted = deleted;
        change.accept(copy);
        return copy;
    }

    /** Sets {@code $insert_id}. */
    public SimulatedEvent insertId(String id) {
        return property("$insert_id", id);
    }

    /** Sets {@code distinct_id}. */
    public SimulatedEvent distinctId(String id) {
        return property("distinct_id", id);
    }

    /**
     * Sets a property to anything that Jackson writes. Control characters in a string are written
     * as they are (observed of 0x06), but for a line feed.
     */
    public SimulatedEvent property(String property, Object value) {
        return with(copy -> copy.properties.put(property, value));
    }

    /** How {@code time} is written; seconds, if nobody says otherwise. */
    public SimulatedEvent timeForm(TimeForm form) {
        return with(copy -> copy.timeForm = form);
    }

    /** When Mixpanel has processed it: a late arrival. It is unknown before. */
    public SimulatedEvent processedAt(Instant at) {
        return with(copy -> copy.processed.set(0, at));
    }

    /**
     * How much later than its {@code mp_processing_time_ms} an export shows it; none, if nobody
     * says otherwise. Lags of 45 minutes were observed by other clients.
     */
    public SimulatedEvent shownAfter(Duration wait) {
        return with(copy -> copy.lag = wait);
    }

    /** Leaves {@code mp_processing_time_ms} out, as with very old events. */
    public SimulatedEvent withoutProcessingTime() {
        return with(copy -> copy.tellsProcessing = false);
    }

    /**
     * From then on there is one row more of it, processed then: somebody has sent it again. Exports
     * are not deduplicated (documented).
     */
    public SimulatedEvent repeatedAt(Instant at) {
        return with(copy -> copy.processed.add(at));
    }

    /**
     * From then on only the newest of its rows is left: Mixpanel's compaction (documented; that the
     * newest stays is assumed).
     */
    public SimulatedEvent compactedAt(Instant at) {
        return with(copy -> copy.compacted = at);
    }

    /** From then on nothing is left of it. */
    public SimulatedEvent deletedAt(Instant at) {
        return with(copy -> copy.deleted = at);
    }

    /** From then on a property has another value: the day is restated. */
    public SimulatedEvent restatedAt(Instant at, String property, Object value) {
        return with(copy -> copy.changes.add(new Change(at, Map.of(property, value))));
    }

    /**
     * From then on its {@code distinct_id} is the canonical one, and the one it had stands in
     * {@code $distinct_id_before_identity} (documented). Has no effect on an event of a hot shard.
     */
    public SimulatedEvent mergedAt(Instant at, String canonicalId) {
        return with(
                copy -> {
                    Map<String, Object> merged = new LinkedHashMap<>();
                    merged.put("distinct_id", canonicalId);
                    merged.put("$distinct_id_before_identity", properties.get("distinct_id"));
                    merged.put("$is_reshuffled", true);
                    copy.changes.add(new Change(at, merged));
                });
    }

    /**
     * Arrives as {@code $hotshard_events} with an empty {@code distinct_id}; name and id stand in
     * {@code mp_original_event_name} and {@code mp_original_distinct_id} (documented). The {@code
     * event} parameter knows it by its new name only.
     */
    public SimulatedEvent hotShard() {
        return with(copy -> copy.hotShard = true);
    }

    /** Its day in a project of this zone, which is the day of its raw {@code time}. */
    public LocalDate day(ZoneId zone) {
        return LocalDate.ofInstant(time, zone);
    }

    /** Whether an export that runs at this instant has it. */
    public boolean isShownAt(Instant now) {
        return !rows(now).isEmpty();
    }

    /** For each row that an export shows, when it was processed. */
    private List<Instant> rows(Instant now) {
        if (!now.isBefore(deleted)) {
            return List.of();
        }
        List<Instant> rows =
                processed.stream().filter(at -> !at.plus(lag).isAfter(now)).sorted().toList();
        if (now.isBefore(compacted)) {
            return rows;
        }
        long before = rows.stream().filter(at -> !at.isAfter(compacted)).count();
        return rows.subList((int) Math.max(0, before - 1), rows.size());
    }

    @Override
    public byte[] lines(Instant now, ZoneId zone, boolean timeInMs) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Instant row : rows(now)) {
            lines.writeBytes(line(row, now, zone, timeInMs));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private byte[] line(Instant row, Instant now, ZoneId zone, boolean timeInMs) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("time", timeForm.node(time, zone, timeInMs));
        shown.putAll(properties);
        if (tellsProcessing) {
            shown.put("mp_processing_time_ms", row.toEpochMilli());
        }
        changes.stream()
                .filter(change -> !change.at.isAfter(now))
                .filter(change -> !hotShard || !change.properties.containsKey("$is_reshuffled"))
                .sorted(Comparator.comparing(Change::at))
                .forEach(change -> shown.putAll(change.properties));
        if (hotShard) {
            shown.put("mp_original_event_name", name);
            shown.put("mp_original_distinct_id", properties.get("distinct_id"));
            shown.put("distinct_id", "");
        }
        ObjectNode json = StoredEvent.JSON.createObjectNode();
        json.put("event", hotShard ? "$hotshard_events" : name);
        json.set("properties", StoredEvent.JSON.valueToTree(shown));
        try {
            return WRITER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event cannot be written", e);
        }
    }
}
