package io.github.camelmixpanel.export.internal.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Acknowledged;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Again;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.ArrivalsFrom;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Arrived;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Committed;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Dropped;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Entry;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.FirstDay;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.HandedOut;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.KeysFrom;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Noticed;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Owed;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Parked;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Reopened;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.Spooled;
import io.github.camelmixpanel.export.internal.ledger.LedgerState.TaskOver;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The lines of {@code ledger.jsonl}: a line that is read gives the entry that was written, or is
 * refused.
 *
 * <p>Each line is one JSON object. {@code type} says which, and {@code at} when it was written
 * (ISO-8601, UTC; for people, not read). The first line is the {@code ledger} line, and the only
 * one. Dates are {@code yyyy-mm-dd}, times ISO-8601 in UTC; {@code from} and {@code to} are the
 * window's days, both inclusive. Where the window is that of an arrival query, {@code
 * processedFrom}, inclusive, and {@code processedTo}, exclusive, follow them.
 *
 * <table>
 * <caption>Types of lines, format version 3</caption>
 * <tr><th>type</th><th>other fields</th><th>meaning</th></tr>
 * <tr><td>{@code ledger}</td><td>{@code version}, {@code name}, {@code fingerprint} (object of
 *     strings)</td><td>the export, and the query that the lines below belong to</td></tr>
 * <tr><td>{@code firstDay}</td><td>{@code day}</td><td>the first day of the export</td></tr>
 * <tr><td>{@code spooled}</td><td>{@code from}, {@code to}, {@code generation}, {@code
 *     queryStartedAt}, perhaps {@code serverStartedAt}, {@code file}, {@code gzip}, {@code bytes},
 *     {@code sha256}, {@code lines}, {@code events}, {@code badLines}, perhaps {@code otherEvents},
 *     {@code acknowledged}, perhaps {@code compared} (object of {@code emitted}, {@code known},
 *     {@code repeated}, {@code vanished}, {@code rewritten})</td><td>a verified body
 *     of the window is on disk; replaces an earlier one</td></tr>
 * <tr><td>{@code acknowledged}</td><td>{@code from}, {@code to}, {@code line}</td><td>all lines up
 *     to this one, 1-based and inclusive, are done</td></tr>
 * <tr><td>{@code committed}</td><td>{@code from}, {@code to}, {@code generation}, {@code
 *     queryStartedAt}, perhaps {@code serverStartedAt}, {@code events}, {@code badLines}, {@code
 *     bytes}, perhaps {@code notice} (as {@code owed})</td><td>each day of the window has this
 *     generation</td></tr>
 * <tr><td>{@code arrived}</td><td>{@code generation}, {@code since}, {@code until}, perhaps {@code
 *     notice}</td><td>arrival queries up to this one have brought what Mixpanel processed from
 *     since, inclusive, to until, exclusive; without these two it is to be asked for
 *     anew</td></tr>
 * <tr><td>{@code arrivalsFrom}</td><td>{@code since}</td><td>what Mixpanel processes from then on is
 *     to come by arrival queries</td></tr>
 * <tr><td>{@code owed}</td><td>{@code from}, {@code to}, {@code generation}, {@code events}, {@code
 *     emitted}, {@code duplicates}, perhaps {@code known}, {@code vanished}, {@code
 *     rewritten}, {@code otherEvents} and {@code parked}, {@code badLines}, {@code bytes}, {@code queries}, {@code
 *     started}, {@code tookMillis}, {@code final}</td><td>the route is to be told of this
 *     commit</td></tr>
 * <tr><td>{@code noticed}</td><td>{@code from}, {@code to}, {@code generation}</td><td>it was
 *     told</td></tr>
 * <tr><td>{@code parked}</td><td>{@code from}, {@code to}, {@code generation}, {@code events},
 *     {@code whole}</td><td>so many events of this generation are parked, none any more with 0;
 *     {@code whole} when the spooled window itself is</td></tr>
 * <tr><td>{@code dropped}</td><td>{@code from}, {@code to}, {@code reason}</td><td>the spooled
 *     window is planned again</td></tr>
 * <tr><td>{@code reopened}</td><td>{@code from}, {@code to}, {@code generation}</td><td>these days
 *     are due again; this was their last generation</td></tr>
 * <tr><td>{@code again}</td><td>{@code from}, {@code to}, {@code mode} (REPAIR or REPLAY), {@code
 *     requestedAt} (ISO-8601, UTC)</td><td>somebody asked for these days once more; a commit whose
 *     query started later answers it</td></tr>
 * <tr><td>{@code keysFrom}</td><td>{@code day}</td><td>the dedupe keys of the days before are
 *     gone</td></tr>
 * <tr><td>{@code task}</td><td>{@code from}, {@code to}, {@code generation}, {@code export}, {@code
 *     id}, {@code issuedAt}, {@code startBy}, {@code deadline}</td><td>the window was given out;
 *     replaces an earlier task of it, and ends with its commit</td></tr>
 * <tr><td>{@code taskOver}</td><td>{@code id}</td><td>that task failed or was lost</td></tr>
 * </table>
 *
 * <p>Version 2 had no tasks. Version 1 had neither {@code arrived} nor {@code processedFrom},
 * {@code processedTo} and {@code serverStartedAt}; both are read, and written anew as version 3.
 *
 * <p>Stateless and thread-safe.
 */
final class LedgerFormat {

    static final int VERSION = 3;

    /** The first line. */
    record Header(int version, String name, Map<String, String> fingerprint) {

        /**
         * Names every option of the query that differs, such as {@code where: was "a", now "b"}.
         */
        String differencesFrom(Header earlier) {
            Set<String> options = new TreeSet<>(earlier.fingerprint.keySet());
            options.addAll(fingerprint.keySet());
            return options.stream()
                    .filter(it -> !Objects.equals(earlier.fingerprint.get(it), fingerprint.get(it)))
                    .map(it -> it + ": was " + earlier.quoted(it) + ", now " + quoted(it))
                    .collect(Collectors.joining("; "));
        }

        private String quoted(String option) {
            String value = fingerprint.get(option);
            return value == null ? "not set" : '"' + value + '"';
        }
    }

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private LedgerFormat() {}

    static String line(Header header, Instant at) {
        ObjectNode line = JSON.createObjectNode().put("type", "ledger");
        line.put("version", header.version()).put("name", header.name());
        ObjectNode fingerprint = line.putObject("fingerprint");
        new TreeMap<>(header.fingerprint()).forEach(fingerprint::put);
        return line.put("at", at.toString()).toString();
    }

    static String line(Entry entry, Instant at) {
        ObjectNode line = JSON.createObjectNode();
        if (entry instanceof FirstDay first) {
            line.put("type", "firstDay").put("day", first.day().toString());
        } else if (entry instanceof Spooled spooled) {
            put(line, spooled.window());
        } else if (entry instanceof Acknowledged acknowledged) {
            put(line, "acknowledged", acknowledged.window()).put("line", acknowledged.line());
        } else if (entry instanceof Committed committed) {
            put(line, committed.record());
            if (committed.notice() != null) {
                put(line.putObject("notice"), "notice", committed.notice());
            }
        } else if (entry instanceof Arrived arrived) {
            put(line.put("type", "arrived"), arrived);
        } else if (entry instanceof Owed owed) {
            put(line, "owed", owed.notice());
        } else if (entry instanceof Noticed noticed) {
            put(line, "noticed", noticed.window()).put("generation", noticed.generation());
        } else if (entry instanceof Parked parked) {
            put(line, "parked", parked.window().window())
                    .put("generation", parked.window().generation())
                    .put("events", parked.window().events())
                    .put("whole", parked.window().whole());
        } else if (entry instanceof Dropped dropped) {
            put(line, "dropped", dropped.window()).put("reason", dropped.reason());
        } else if (entry instanceof Reopened reopened) {
            put(line, "reopened", reopened.days()).put("generation", reopened.generation());
        } else if (entry instanceof Again again) {
            put(line, "again", again.days())
                    .put("mode", again.mode().name())
                    .put("requestedAt", again.requestedAt().toString());
        } else if (entry instanceof KeysFrom from) {
            line.put("type", "keysFrom").put("day", from.day().toString());
        } else if (entry instanceof ArrivalsFrom from) {
            line.put("type", "arrivalsFrom").put("since", from.since().toString());
        } else if (entry instanceof HandedOut out) {
            put(line, out.task());
        } else if (entry instanceof TaskOver over) {
            line.put("type", "taskOver").put("id", over.id());
        }
        return line.put("at", at.toString()).toString();
    }

    private static void put(ObjectNode line, Arrived arrived) {
        line.put("generation", arrived.generation());
        if (arrived.since() != null) {
            line.put("since", arrived.since().toString()).put("until", arrived.until().toString());
        }
        if (arrived.notice() != null) {
            put(line.putObject("notice"), "notice", arrived.notice());
        }
    }

    private static ObjectNode putStart(ObjectNode line, Instant local, Instant server) {
        line.put("queryStartedAt", local.toString());
        return server == null ? line : line.put("serverStartedAt", server.toString());
    }

    private static void put(ObjectNode line, OpenWindow window) {
        putFields(line, window);
        if (window.compared() != null) {
            line.putObject("compared")
                    .put("emitted", window.compared().emitted())
                    .put("known", window.compared().known())
                    .put("repeated", window.compared().repeated())
                    .put("vanished", window.compared().vanished())
                    .put("rewritten", window.compared().rewritten());
        }
    }

    private static void putFields(ObjectNode line, OpenWindow window) {
        put(line, "spooled", window.window()).put("generation", window.generation());
        putStart(line, window.queryStartedAt(), window.serverStartedAt())
                .put("file", window.body().file())
                .put("gzip", window.body().gzip())
                .put("bytes", window.body().bytes())
                .put("sha256", window.body().sha256())
                .put("lines", window.body().lines())
                .put("events", window.body().events())
                .put("badLines", window.body().badLines())
                .put("otherEvents", window.body().otherEvents())
                .put("acknowledged", window.acknowledged());
    }

    private static void put(ObjectNode line, ExportTask task) {
        put(line, "task", task.window())
                .put("generation", task.generation())
                .put("export", task.export())
                .put("id", task.id())
                .put("issuedAt", task.issuedAt().toString())
                .put("startBy", task.startBy().toString())
                .put("deadline", task.deadline().toString());
    }

    private static void put(ObjectNode line, DayRecord record) {
        put(line, "committed", record.window()).put("generation", record.generation());
        putStart(line, record.queryStartedAt(), record.serverStartedAt())
                .put("events", record.events())
                .put("badLines", record.badLines())
                .put("bytes", record.bytes());
    }

    private static void put(ObjectNode line, String type, WindowSummary notice) {
        put(line, type, notice.window())
                .put("generation", notice.generation())
                .put("events", notice.events())
                .put("emitted", notice.emitted())
                .put("duplicates", notice.duplicates())
                .put("known", notice.compared().known())
                .put("vanished", notice.compared().vanished())
                .put("rewritten", notice.compared().rewritten())
                .put("otherEvents", notice.otherEvents())
                .put("parked", notice.parked())
                .put("badLines", notice.badLines())
                .put("bytes", notice.bytes())
                .put("queries", notice.queries())
                .put("started", notice.started().toString())
                .put("tookMillis", notice.took().toMillis())
                .put("final", notice.isFinal());
    }

    private static ObjectNode put(ObjectNode line, String type, Window window) {
        line.put("type", type)
                .put("from", window.fromDate().toString())
                .put("to", window.toDate().toString());
        if (window.isArrivals()) {
            line.put("processedFrom", window.arrivals().from().toString())
                    .put("processedTo", window.arrivals().to().toString());
        }
        return line;
    }

    /**
     * @throws IllegalArgumentException when this is no first line
     */
    static Header header(String text) {
        Fields line = Fields.of(text);
        if (!line.text("type").equals("ledger")) {
            throw new IllegalArgumentException("the type of the first line is not \"ledger\"");
        }
        int version = line.integer("version");
        if (version < 1 || version > VERSION) {
            // all that is certain about such a version is its number
            return new Header(version, "", Map.of());
        }
        Map<String, String> fingerprint = new TreeMap<>();
        line.json()
                .path("fingerprint")
                .properties()
                .forEach(field -> fingerprint.put(field.getKey(), field.getValue().asText()));
        return new Header(version, line.text("name"), fingerprint);
    }

    /**
     * @throws IllegalArgumentException when this is no line of a ledger
     */
    static Entry entry(String text) {
        Fields line = Fields.of(text);
        String type = line.text("type");
        return switch (type) {
            case "firstDay" -> new FirstDay(line.date("day"));
            case "spooled" -> new Spooled(line.openWindow());
            case "acknowledged" -> new Acknowledged(line.window(), line.number("line"));
            case "committed" -> new Committed(line.dayRecord(), line.notice());
            case "arrived" ->
                    new Arrived(
                            line.integer("generation"),
                            line.perhaps("since"),
                            line.perhaps("until"),
                            line.notice());
            case "owed" -> new Owed(line.summary());
            case "noticed" -> new Noticed(line.window(), line.integer("generation"));
            case "parked" ->
                    new Parked(
                            new ParkedWindow(
                                    line.window(),
                                    line.integer("generation"),
                                    line.number("events"),
                                    line.flag("whole")));
            case "dropped" -> new Dropped(line.window(), line.text("reason"));
            case "reopened" -> new Reopened(line.window(), line.integer("generation"));
            case "again" ->
                    new Again(
                            line.window(),
                            Reexport.valueOf(line.text("mode")),
                            line.instant("requestedAt"));
            case "keysFrom" -> new KeysFrom(line.date("day"));
            case "arrivalsFrom" -> new ArrivalsFrom(line.instant("since"));
            case "task" -> new HandedOut(line.task());
            case "taskOver" -> new TaskOver(line.text("id"));
            default -> throw new IllegalArgumentException("type \"" + type + "\" is unknown");
        };
    }

    /** The fields of a line; one that is missing or of the wrong kind is refused. */
    private record Fields(JsonNode json) {

        static Fields of(String text) {
            try {
                return new Fields(JSON.readTree(text));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
            }
        }

        String text(String field) {
            return require(field, json.path(field).isTextual()).textValue();
        }

        boolean flag(String field) {
            return require(field, json.path(field).isBoolean()).booleanValue();
        }

        long number(String field) {
            return require(field, json.path(field).canConvertToExactIntegral()).longValue();
        }

        /** A number that lines of earlier programs lack; 0 there. */
        long numberOrNone(String field) {
            return json.has(field) ? number(field) : 0;
        }

        int integer(String field) {
            return Math.toIntExact(number(field));
        }

        LocalDate date(String field) {
            try {
                return LocalDate.parse(text(field));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(field + " is no date", e);
            }
        }

        Instant instant(String field) {
            try {
                return Instant.parse(text(field));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(field + " is no time", e);
            }
        }

        /** Null where the field is missing. */
        Instant perhaps(String field) {
            return json.has(field) ? instant(field) : null;
        }

        Window window() {
            Arrivals arrivals =
                    json.has("processedFrom")
                            ? new Arrivals(instant("processedFrom"), instant("processedTo"))
                            : null;
            return new Window(date("from"), date("to"), arrivals);
        }

        OpenWindow openWindow() {
            SpooledBody body =
                    new SpooledBody(
                            text("file"),
                            flag("gzip"),
                            number("bytes"),
                            text("sha256"),
                            number("lines"),
                            number("events"),
                            number("badLines"),
                            numberOrNone("otherEvents"));
            return new OpenWindow(
                    window(),
                    integer("generation"),
                    instant("queryStartedAt"),
                    perhaps("serverStartedAt"),
                    body,
                    number("acknowledged"),
                    json.has("compared") ? new Fields(json.get("compared")).compared() : null);
        }

        ExportTask task() {
            return new ExportTask(
                    text("export"),
                    text("id"),
                    window(),
                    integer("generation"),
                    instant("issuedAt"),
                    instant("startBy"),
                    instant("deadline"));
        }

        DayRecord dayRecord() {
            return new DayRecord(
                    integer("generation"),
                    instant("queryStartedAt"),
                    perhaps("serverStartedAt"),
                    window(),
                    number("events"),
                    number("badLines"),
                    number("bytes"));
        }

        /** The summary inside a commit that the route is to be told; null where there is none. */
        WindowSummary notice() {
            return json.has("notice") ? new Fields(json.get("notice")).summary() : null;
        }

        Comparison compared() {
            return new Comparison(
                    number("emitted"),
                    number("known"),
                    number("repeated"),
                    number("vanished"),
                    number("rewritten"));
        }

        /** Earlier programs told duplicates of a first generation and known events alike. */
        private Comparison comparedInNotice() {
            long duplicates = number("duplicates");
            long known = duplicates;
            if (json.has("known")) {
                known = number("known");
            } else if (integer("generation") == 1) {
                known = 0;
            }
            return new Comparison(
                    number("emitted"),
                    known,
                    duplicates - known,
                    numberOrNone("vanished"),
                    numberOrNone("rewritten"));
        }

        WindowSummary summary() {
            return new WindowSummary(
                    window(),
                    integer("generation"),
                    number("events"),
                    comparedInNotice(),
                    numberOrNone("otherEvents"),
                    numberOrNone("parked"),
                    number("badLines"),
                    number("bytes"),
                    integer("queries"),
                    instant("started"),
                    Duration.ofMillis(number("tookMillis")),
                    flag("final"));
        }

        private JsonNode require(String field, boolean asExpected) {
            if (!asExpected) {
                throw new IllegalArgumentException("field \"" + field + "\" is missing or wrong");
            }
            return json.path(field);
        }
    }
}
