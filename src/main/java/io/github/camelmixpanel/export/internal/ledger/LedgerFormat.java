package io.github.camelmixpanel.export.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.DownloadSummary;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.ParkedWindow;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.option.Reexport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * The lines of {@code ledger.jsonl}: reading a line gives the entry that was written, or fails.
 *
 * <p>Each line is one JSON object. {@code type} says which, and {@code at} when it was written
 * (ISO-8601, UTC; for people, not read). The first line is the {@code ledger} line, and the only
 * one. Dates are {@code yyyy-mm-dd}, times ISO-8601 in UTC; {@code from} and {@code to} are the
 * window's days, both inclusive. Where the window is that of an arrival query, {@code
 * processedFrom}, inclusive, and {@code processedTo}, exclusive, follow them.
 *
 * <table>
 * <caption>Types of lines, format version 4</caption>
 * <tr><th>type</th><th>other fields</th><th>meaning</th></tr>
 * <tr><td>{@code ledger}</td><td>{@code version}, {@code name}, {@code fingerprint} (object of
 *     strings)</td><td>the export, and the query that the lines below belong to</td></tr>
 * <tr><td>{@code firstDay}</td><td>{@code day}</td><td>the first day of the export</td></tr>
 * <tr><td>{@code spooled}</td><td>{@code from}, {@code to}, {@code generation}, {@code
 *     queryStartedAt}, perhaps {@code serverStartedAt}, {@code file}, {@code gzip}, {@code bytes},
 *     {@code sha256}, {@code lines}, {@code events}, {@code badLines}, perhaps {@code otherEvents},
 *     {@code acknowledged}, perhaps {@code compared} (object of {@code emitted}, {@code known},
 *     {@code repeated}, {@code vanished}, {@code rewritten}, perhaps
 *     {@code changed}) and {@code failed} (as
 *     there)</td><td>a verified body of the window is on disk; replaces an earlier one</td></tr>
 * <tr><td>{@code acknowledged}</td><td>{@code from}, {@code to}, {@code line}</td><td>all lines up
 *     to this one, 1-based and inclusive, are done</td></tr>
 * <tr><td>{@code failed}</td><td>{@code from}, {@code to}, {@code failed} (array of objects of
 *     {@code lines}, {@code tries}, perhaps {@code since})</td><td>the route left the exchanges
 *     that begin with these lines failed, so often while it was up; with {@code since} it has taken
 *     no other event since then</td></tr>
 * <tr><td>{@code committed}</td><td>{@code from}, {@code to}, {@code generation}, {@code
 *     queryStartedAt}, perhaps {@code serverStartedAt}, {@code events}, {@code badLines}, {@code
 *     bytes}, perhaps {@code eventsByDay} (array of numbers, of a window of several days) and
 *     {@code notice} (as {@code owed})</td><td>each day of the window has this
 *     generation</td></tr>
 * <tr><td>{@code arrived}</td><td>{@code generation}, {@code since}, {@code until}, perhaps {@code
 *     notice}</td><td>arrival queries up to this one have brought what Mixpanel processed from
 *     since, inclusive, to until, exclusive; without these two the whole span has to be
 *     queried again</td></tr>
 * <tr><td>{@code arrivalsFrom}</td><td>{@code since}</td><td>arrival queries cover what Mixpanel processes
 *     from then on</td></tr>
 * <tr><td>{@code owed}</td><td>{@code from}, {@code to}, {@code generation}, {@code events}, {@code
 *     emitted}, {@code duplicates}, perhaps {@code known}, {@code vanished}, {@code
 *     rewritten}, {@code changed}, {@code otherEvents} and {@code parked}, {@code badLines}, {@code bytes}, {@code queries}, {@code
 *     started}, {@code tookMillis}, {@code final}, perhaps {@code
 *     days} (object of a day each, with {@code events}, {@code emitted}, {@code final})</td><td>the route has not received this
 *     summary yet</td></tr>
 * <tr><td>{@code noticed}</td><td>{@code from}, {@code to}, {@code generation}</td><td>it
 *     has</td></tr>
 * <tr><td>{@code parked}</td><td>{@code from}, {@code to}, {@code generation}, {@code events},
 *     {@code whole}</td><td>so many events of this generation are parked, none any more with 0;
 *     {@code whole} when the spooled window itself is</td></tr>
 * <tr><td>{@code dropped}</td><td>{@code from}, {@code to}, {@code reason}</td><td>the spooled
 *     window is planned again</td></tr>
 * <tr><td>{@code cut}</td><td>{@code from}, {@code to}, {@code longest}</td><td>this window was too
 *     large: one with a day of it takes so many days at most, until that day is committed</td></tr>
 * <tr><td>{@code reopened}</td><td>{@code from}, {@code to}, {@code generation}</td><td>these days
 *     are due again; this was their last generation</td></tr>
 * <tr><td>{@code again}</td><td>{@code from}, {@code to}, {@code mode} (REPAIR or REPLAY), {@code
 *     requestedAt} (ISO-8601, UTC)</td><td>an operator wants these days once more; satisfied by a
 *     commit whose generation is above the last one, and above that of an open window or task that
 *     is in the lines before</td></tr>
 * <tr><td>{@code keysFrom}</td><td>{@code day}</td><td>the dedupe keys of the days before are
 *     gone</td></tr>
 * <tr><td>{@code task}</td><td>{@code from}, {@code to}, {@code generation}, {@code export}, {@code
 *     id}, {@code issuedAt}, {@code startBy}, {@code deadline}</td><td>the window was issued as
 *     a task; gives up an earlier task of it, and ends with its commit</td></tr>
 * <tr><td>{@code taskOver}</td><td>{@code id}</td><td>that task is given up; a late outcome counts
 *     until the commit</td></tr>
 * </table>
 *
 * <p>Commits of early version 4 and before have no {@code eventsByDay}. Version 3 had none of
 * {@code cut}, {@code failed} and {@code changed}. Version 2 had no tasks. Version 1 had neither
 * {@code arrived} nor {@code processedFrom}, {@code processedTo} and {@code serverStartedAt}; all
 * are read, and rewritten as version 4.
 *
 * <p>Stateless and thread-safe.
 */
final class LedgerFormat {

    static final int VERSION = 4;

    private LedgerFormat() {}

    static String line(Entry entry, Instant at) {
        ObjectNode line = JsonFields.object();
        if (entry instanceof Entry.FirstDay first) {
            line.put("type", "firstDay").put("day", first.day().toString());
        } else if (entry instanceof Entry.Spooled spooled) {
            put(line, spooled.window());
        } else if (entry instanceof Entry.Acknowledged acknowledged) {
            put(line, "acknowledged", acknowledged.window()).put("line", acknowledged.line());
        } else if (entry instanceof Entry.Failed failed) {
            FailedLines.put(put(line, "failed", failed.window()), failed.left());
        } else if (entry instanceof Entry.Committed committed) {
            put(line, committed.record());
            putNotice(line, committed.notice());
        } else if (entry instanceof Entry.Arrived arrived) {
            ArrivalRecord record = arrived.record();
            line.put("type", "arrived").put("generation", record.generation());
            JsonFields.put(line, "since", record.since());
            JsonFields.put(line, "until", record.until());
            putNotice(line, arrived.notice());
        } else if (entry instanceof Entry.Owed owed) {
            put(line, "owed", owed.notice());
        } else if (entry instanceof Entry.Noticed noticed) {
            put(line, "noticed", noticed.window()).put("generation", noticed.generation());
        } else if (entry instanceof Entry.Parked parked) {
            ParkedWindow window = parked.window();
            put(line, "parked", window.window())
                    .put("generation", window.generation())
                    .put("events", window.events())
                    .put("whole", window.whole());
        } else if (entry instanceof Entry.Dropped dropped) {
            put(line, "dropped", dropped.window()).put("reason", dropped.reason());
        } else if (entry instanceof Entry.Cut cut) {
            put(line, "cut", cut.days()).put("longest", cut.longest());
        } else if (entry instanceof Entry.Reopened reopened) {
            put(line, "reopened", reopened.days()).put("generation", reopened.generation());
        } else if (entry instanceof Entry.ReexportRequested request) {
            put(line, "again", request.days()).put("mode", request.mode().name());
            JsonFields.put(line, "requestedAt", request.requestedAt());
        } else if (entry instanceof Entry.KeysFrom from) {
            line.put("type", "keysFrom").put("day", from.day().toString());
        } else if (entry instanceof Entry.ArrivalsFrom from) {
            line.put("type", "arrivalsFrom").put("since", from.since().toString());
        } else if (entry instanceof Entry.Issued issued) {
            put(line, issued.task());
        } else if (entry instanceof Entry.TaskOver over) {
            line.put("type", "taskOver").put("id", over.id());
        }
        return line.put("at", at.toString()).toString();
    }

    private static ObjectNode put(ObjectNode line, String type, Window window) {
        return JsonFields.put(line.put("type", type), window);
    }

    private static void put(ObjectNode line, OpenWindow window) {
        SpooledBody body = window.body();
        put(line, "spooled", window.window()).put("generation", window.generation());
        JsonFields.put(line, "queryStartedAt", window.queryStartedAt());
        JsonFields.put(line, "serverStartedAt", window.serverStartedAt());
        line.put("file", body.file())
                .put("gzip", body.gzip())
                .put("bytes", body.bytes())
                .put("sha256", body.sha256())
                .put("lines", body.lines())
                .put("events", body.events())
                .put("badLines", body.badLines())
                .put("otherEvents", body.otherEvents())
                .put("acknowledged", window.acknowledged());
        Comparison compared = window.compared();
        if (compared != null) {
            line.putObject("compared")
                    .put("emitted", compared.emitted())
                    .put("known", compared.known())
                    .put("repeated", compared.repeated())
                    .put("vanished", compared.vanished())
                    .put("rewritten", compared.rewritten())
                    .put("changed", compared.changed());
        }
        FailedLines.put(line, window.failed());
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
        JsonFields.put(line, "queryStartedAt", record.queryStartedAt());
        JsonFields.put(line, "serverStartedAt", record.serverStartedAt());
        line.put("events", record.events())
                .put("badLines", record.badLines())
                .put("bytes", record.bytes());
        JsonFields.put(line, "eventsByDay", record.eventsByDay());
    }

    private static void putNotice(ObjectNode line, WindowSummary notice) {
        if (notice != null) {
            put(line.putObject("notice"), "notice", notice);
        }
    }

    private static void put(ObjectNode line, String type, WindowSummary notice) {
        Comparison compared = notice.compared();
        put(line, type, notice.window())
                .put("generation", notice.generation())
                .put("events", notice.download().events())
                .put("emitted", compared.emitted())
                .put("duplicates", compared.duplicates())
                .put("known", compared.known())
                .put("vanished", compared.vanished())
                .put("rewritten", compared.rewritten())
                .put("changed", compared.changed())
                .put("otherEvents", notice.download().otherEvents())
                .put("parked", notice.parked())
                .put("badLines", notice.download().badLines())
                .put("bytes", notice.download().bytes())
                .put("queries", notice.download().queries())
                .put("started", notice.download().started().toString())
                .put("tookMillis", notice.download().took().toMillis())
                .put("final", notice.isFinal());
        for (WindowSummary.Day day : notice.days()) {
            line.withObjectProperty("days")
                    .putObject(day.day().toString())
                    .put("events", day.events())
                    .put("emitted", day.emitted())
                    .put("final", day.isFinal());
        }
    }

    /**
     * @throws IllegalArgumentException when this is no line of a ledger
     */
    static Entry entry(String text) {
        JsonFields line = JsonFields.of(text);
        String type = line.text("type");
        return switch (type) {
            case "firstDay" -> new Entry.FirstDay(line.date("day"));
            case "spooled" -> new Entry.Spooled(openWindow(line));
            case "acknowledged" -> new Entry.Acknowledged(line.window(), line.number("line"));
            case "failed" -> new Entry.Failed(line.window(), FailedLines.of(line));
            case "committed" -> new Entry.Committed(dayRecord(line), notice(line));
            case "arrived" ->
                    new Entry.Arrived(
                            new ArrivalRecord(
                                    line.integer("generation"),
                                    line.instantOrNull("since"),
                                    line.instantOrNull("until")),
                            notice(line));
            case "owed" -> new Entry.Owed(summary(line));
            case "noticed" -> new Entry.Noticed(line.window(), line.integer("generation"));
            case "parked" ->
                    new Entry.Parked(
                            new ParkedWindow(
                                    line.window(),
                                    line.integer("generation"),
                                    line.number("events"),
                                    line.flag("whole")));
            case "dropped" -> new Entry.Dropped(line.window(), line.text("reason"));
            case "cut" -> new Entry.Cut(line.window(), line.integer("longest"));
            case "reopened" -> new Entry.Reopened(line.window(), line.integer("generation"));
            case "again" ->
                    new Entry.ReexportRequested(
                            line.window(),
                            Reexport.valueOf(line.text("mode")),
                            line.instant("requestedAt"));
            case "keysFrom" -> new Entry.KeysFrom(line.date("day"));
            case "arrivalsFrom" -> new Entry.ArrivalsFrom(line.instant("since"));
            case "task" -> new Entry.Issued(line.task());
            case "taskOver" -> new Entry.TaskOver(line.text("id"));
            default -> throw new IllegalArgumentException("type \"" + type + "\" is unknown");
        };
    }

    private static OpenWindow openWindow(JsonFields line) {
        SpooledBody body =
                new SpooledBody(
                        line.text("file"),
                        line.flag("gzip"),
                        line.number("bytes"),
                        line.text("sha256"),
                        line.number("lines"),
                        line.number("events"),
                        line.number("badLines"),
                        line.numberOrZero("otherEvents"));
        return new OpenWindow(
                line.window(),
                line.integer("generation"),
                line.instant("queryStartedAt"),
                line.instantOrNull("serverStartedAt"),
                body,
                line.number("acknowledged"),
                line.has("compared") ? comparison(line.object("compared")) : null,
                FailedLines.of(line));
    }

    private static Comparison comparison(JsonFields line) {
        return new Comparison(
                line.number("emitted"),
                line.number("known"),
                line.number("repeated"),
                line.number("vanished"),
                line.number("rewritten"),
                line.numberOrZero("changed"));
    }

    private static DayRecord dayRecord(JsonFields line) {
        return new DayRecord(
                line.integer("generation"),
                line.instant("queryStartedAt"),
                line.instantOrNull("serverStartedAt"),
                line.window(),
                line.number("events"),
                line.number("badLines"),
                line.number("bytes"),
                line.counts("eventsByDay", line.window()));
    }

    /** The summary inside a commit that is still to be reported; null where there is none. */
    private static WindowSummary notice(JsonFields line) {
        return line.has("notice") ? summary(line.object("notice")) : null;
    }

    private static WindowSummary summary(JsonFields line) {
        return new WindowSummary(
                line.window(),
                line.integer("generation"),
                new DownloadSummary(
                        line.number("events"),
                        line.numberOrZero("otherEvents"),
                        line.number("badLines"),
                        line.number("bytes"),
                        line.integer("queries"),
                        line.instant("started"),
                        Duration.ofMillis(line.number("tookMillis"))),
                comparisonOfNotice(line),
                line.numberOrZero("parked"),
                days(line.object("days")),
                line.flag("final"));
    }

    private static List<WindowSummary.Day> days(JsonFields line) {
        return line.json().properties().stream()
                .map(
                        field -> {
                            JsonFields day = new JsonFields(field.getValue());
                            return new WindowSummary.Day(
                                    LocalDate.parse(field.getKey()),
                                    day.number("events"),
                                    day.number("emitted"),
                                    day.flag("final"));
                        })
                .toList();
    }

    /** Earlier versions did not distinguish duplicates of a first generation and known events. */
    private static Comparison comparisonOfNotice(JsonFields line) {
        long duplicates = line.number("duplicates");
        long assumed = line.integer("generation") == 1 ? 0 : duplicates;
        long known = line.has("known") ? line.number("known") : assumed;
        return new Comparison(
                line.number("emitted"),
                known,
                duplicates - known,
                line.numberOrZero("vanished"),
                line.numberOrZero("rewritten"),
                line.numberOrZero("changed"));
    }
}
