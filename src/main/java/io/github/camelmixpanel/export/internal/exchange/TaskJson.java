package io.github.camelmixpanel.export.internal.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.FailureKind;
import io.github.camelmixpanel.export.internal.ledger.JsonFields;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.WindowSummary.DayCounts;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemandSummary;
import io.github.camelmixpanel.export.internal.text.Printable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tasks and their outcomes as JSON, the form in which they cross a broker, which headers that begin
 * with {@code Camel} do not. An outcome contains its task. Dates are {@code yyyy-mm-dd}, times
 * ISO-8601 in UTC; no secret and no host is in it.
 *
 * <p>Stateless and thread-safe.
 */
public final class TaskJson {

    private static final String TASK = "mixpanel-export-task";
    private static final String OUTCOME = "mixpanel-export-outcome";
    private static final int SHOWN_CHARACTERS = 200;

    private TaskJson() {}

    static String text(ExportTask task) {
        return node(task).toString();
    }

    /**
     * @throws IllegalArgumentException when this body is no task
     */
    public static ExportTask task(Object body) {
        JsonFields fields =
                read(body, TASK)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                """
                                                The body for operation=TASK is no task. Send it what the consumer with emit=WINDOWS\
                                                 sent, or use operation=EXPORT for a window given by headers"""));
        return complete(fields::task);
    }

    /**
     * @throws IllegalArgumentException when this body is no outcome
     */
    public static TaskOutcome outcome(Object body) {
        JsonFields fields =
                read(body, OUTCOME)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                """
                                                The body for operation=COMPLETE is no outcome of a task. Send the value of header %s\
                                                 or %s that the producer set for the task"""
                                                        .formatted(
                                                                MixpanelExportConstants.OUTCOME,
                                                                MixpanelExportConstants.FAILURE)));
        return complete(() -> outcome(fields));
    }

    /** Checks which export a task belongs to, so that a wrong topic does no harm. */
    public static void requireExport(ExportTask task, String name) {
        if (!task.export().equals(name)) {
            throw new IllegalArgumentException(
                    """
                    A task of export %s came to mixpanel-export:%s: give each export its own topic, or route tasks by\
                     their field "export\""""
                            .formatted(Printable.of(task.export(), SHOWN_CHARACTERS), name));
        }
    }

    public static String done(ExportTask task, OnDemandSummary summary) {
        ObjectNode outcome = outcome(task);
        ObjectNode done =
                outcome.putObject("done")
                        .put("events", summary.body().events())
                        .put("duplicates", summary.duplicates())
                        .put("otherEvents", summary.body().otherEvents())
                        .put("badLines", summary.body().badLines())
                        .put("bytes", summary.body().bytes());
        JsonFields.put(done, "eventsByDay", summary.days().events());
        JsonFields.put(done, "emittedByDay", summary.days().emitted());
        JsonFields.put(done, "serverStartedAt", summary.serverStartedAt());
        return outcome.toString();
    }

    /** The outcome that changes nothing: of a task that this fetcher carries out already. */
    public static String repeated(ExportTask task, String message) {
        return failed(task, FailureKind.REPEATED, message, null, 0);
    }

    /** The outcome when a later step of the route fails. */
    public static String routeFailed(ExportTask task) {
        String message =
                "Window %s: downloaded and proven complete, but a later step of the route failed"
                        .formatted(task.window());
        return failed(task, FailureKind.FETCHER, message, null, 0);
    }

    public static String failed(ExportTask task, Exception failure) {
        Duration retryAfter =
                failure instanceof ExportException e ? e.retryAfter().orElse(null) : null;
        return failed(
                task,
                FailureKind.of(failure),
                String.valueOf(failure.getMessage()),
                retryAfter,
                FailureKind.status(failure));
    }

    private static String failed(
            ExportTask task, FailureKind kind, String message, Duration retryAfter, int status) {
        ObjectNode outcome = outcome(task);
        ObjectNode failed =
                outcome.putObject("failed")
                        .put("kind", kind.name())
                        .put("message", message)
                        .put("status", status);
        if (retryAfter != null) {
            failed.put("retryAfterMillis", retryAfter.toMillis());
        }
        return outcome.toString();
    }

    private static ObjectNode outcome(ExportTask task) {
        ObjectNode outcome = JsonFields.object().put("type", OUTCOME);
        outcome.set("task", node(task));
        return outcome;
    }

    private static ObjectNode node(ExportTask task) {
        ObjectNode node =
                JsonFields.object()
                        .put("type", TASK)
                        .put("export", task.export())
                        .put("id", task.id());
        return JsonFields.put(node, task.window())
                .put("generation", task.generation())
                .put("issuedAt", task.issuedAt().toString())
                .put("startBy", task.startBy().toString())
                .put("deadline", task.deadline().toString());
    }

    /** The fields of a body that is a JSON object of this type; empty for anything else. */
    private static Optional<JsonFields> read(Object body, String type) {
        String text = body instanceof byte[] bytes ? new String(bytes, UTF_8) : null;
        if (body instanceof String given) {
            text = given;
        }
        if (text == null || !text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonFields.of(text))
                    .filter(it -> type.equals(it.json().path("type").textValue()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static <T> T complete(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    """
                    A message for mixpanel-export is no task or outcome: %s. Send it on as it came from the consumer or\
                     the producer"""
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private static ExportTask task(JsonFields fields) {
        return new ExportTask(
                fields.text("export"),
                fields.text("id"),
                fields.window(),
                Math.toIntExact(fields.count("generation")),
                fields.instant("issuedAt"),
                fields.instant("startBy"),
                fields.instant("deadline"));
    }

    private static TaskOutcome outcome(JsonFields fields) {
        ExportTask task = fields.object("task").task();
        return fields.has("done")
                ? done(task, fields.object("done"))
                : failed(task, fields.object("failed"));
    }

    private static TaskOutcome done(ExportTask task, JsonFields done) {
        return new TaskOutcome.Done(
                task,
                done.instantOrNull("serverStartedAt"),
                done.count("events"),
                done.count("duplicates"),
                done.count("otherEvents"),
                done.count("badLines"),
                done.count("bytes"),
                new DayCounts(
                        done.counts("eventsByDay", task.window()),
                        done.counts("emittedByDay", task.window())));
    }

    private static TaskOutcome failed(ExportTask task, JsonFields failed) {
        return new TaskOutcome.Failed(
                task,
                kind(failed.text("kind")),
                failed.text("message"),
                failed.has("retryAfterMillis")
                        ? Duration.ofMillis(failed.count("retryAfterMillis"))
                        : null,
                Math.toIntExact(failed.count("status")));
    }

    private static FailureKind kind(String name) {
        try {
            return FailureKind.valueOf(name);
        } catch (IllegalArgumentException e) {
            return FailureKind.FETCHER; // of a newer version
        }
    }
}
