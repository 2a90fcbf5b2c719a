package io.github.camelmixpanel.export.internal.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.FailureKind;
import io.github.camelmixpanel.export.internal.model.Arrivals;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemandSummary;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Tasks and their outcomes as JSON, the form in which they travel: headers that begin with {@code
 * Camel} do not cross a broker. An outcome holds its task. Dates are {@code yyyy-mm-dd}, times
 * ISO-8601 in UTC; no secret and no host is in it.
 *
 * <p>Stateless and thread-safe.
 */
public final class TaskJson {

    private static final String TASK = "mixpanel-export-task";
    private static final String OUTCOME = "mixpanel-export-outcome";
    private static final int SHOWN_CHARACTERS = 200;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private TaskJson() {}

    static String text(ExportTask task) {
        return node(task).toString();
    }

    /**
     * The task that this body is.
     *
     * @return empty when it is something else
     * @throws IllegalArgumentException when it says that it is a task and lacks something
     */
    public static Optional<ExportTask> task(Object body) {
        return read(body)
                .filter(it -> TASK.equals(it.path("type").textValue()))
                .map(TaskJson::task);
    }

    /**
     * @throws IllegalArgumentException when this body is no outcome
     */
    public static TaskOutcome outcome(Object body) {
        JsonNode node =
                read(body)
                        .filter(it -> OUTCOME.equals(it.path("type").textValue()))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "The body for operation=COMPLETE is no outcome of a"
                                                        + " task. Send it what was in the header "
                                                        + MixpanelExportConstants.OUTCOME
                                                        + " or "
                                                        + MixpanelExportConstants.FAILURE
                                                        + " after the task"));
        ExportTask task = task(node.path("task"));
        return node.has("done")
                ? done(task, new Fields(node.path("done")))
                : failed(task, new Fields(node.path("failed")));
    }

    /** A task says which export it is of, so that a wrong topic does no harm. */
    public static void requireExport(ExportTask task, String name) {
        if (!task.export().equals(name)) {
            throw new IllegalArgumentException(
                    "A task of export "
                            + shortened(task.export())
                            + " came to mixpanel-export:"
                            + name
                            + ": give each export its own topic, or route tasks by their member"
                            + " \"export\"");
        }
    }

    public static String done(ExportTask task, OnDemandSummary summary) {
        ObjectNode outcome = outcome(task);
        ObjectNode done =
                outcome.putObject("done")
                        .put("events", summary.events())
                        .put("duplicates", summary.duplicates())
                        .put("otherEvents", summary.otherEvents())
                        .put("badLines", summary.badLines())
                        .put("bytes", summary.bytes());
        if (summary.serverStartedAt() != null) {
            done.put("serverStartedAt", summary.serverStartedAt().toString());
        }
        return outcome.toString();
    }

    /** What holds when a later step of the route fails. */
    public static String routeFailed(ExportTask task) {
        return failed(
                task,
                FailureKind.FETCHER,
                "Window "
                        + task.window()
                        + ": downloaded and proven complete, but what came after it in the route failed",
                null,
                0);
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
        ObjectNode outcome = JSON.createObjectNode().put("type", OUTCOME);
        outcome.set("task", node(task));
        return outcome;
    }

    private static ObjectNode node(ExportTask task) {
        Window window = task.window();
        ObjectNode node =
                JSON.createObjectNode()
                        .put("type", TASK)
                        .put("export", task.export())
                        .put("id", task.id())
                        .put("from", window.fromDate().toString())
                        .put("to", window.toDate().toString());
        if (window.isArrivals()) {
            node.put("processedFrom", window.arrivals().from().toString())
                    .put("processedTo", window.arrivals().to().toString());
        }
        return node.put("generation", task.generation())
                .put("issuedAt", task.issuedAt().toString())
                .put("startBy", task.startBy().toString())
                .put("deadline", task.deadline().toString());
    }

    private static Optional<JsonNode> read(Object body) {
        String text = null;
        if (body instanceof String given) {
            text = given;
        } else if (body instanceof byte[] bytes) {
            text = new String(bytes, StandardCharsets.UTF_8);
        }
        if (text == null || !text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static ExportTask task(JsonNode node) {
        Fields fields = new Fields(node);
        Arrivals arrivals =
                node.has("processedFrom")
                        ? new Arrivals(
                                fields.instant("processedFrom"), fields.instant("processedTo"))
                        : null;
        return new ExportTask(
                fields.text("export"),
                fields.text("id"),
                new Window(fields.date("from"), fields.date("to"), arrivals),
                fields.count("generation"),
                fields.instant("issuedAt"),
                fields.instant("startBy"),
                fields.instant("deadline"));
    }

    private static TaskOutcome done(ExportTask task, Fields done) {
        return new TaskOutcome.Done(
                task,
                done.node().has("serverStartedAt") ? done.instant("serverStartedAt") : null,
                done.number("events"),
                done.number("duplicates"),
                done.number("otherEvents"),
                done.number("badLines"),
                done.number("bytes"));
    }

    private static TaskOutcome failed(ExportTask task, Fields failed) {
        return new TaskOutcome.Failed(
                task,
                failed.kind(),
                failed.text("message"),
                failed.node().has("retryAfterMillis")
                        ? Duration.ofMillis(failed.number("retryAfterMillis"))
                        : null,
                failed.count("status"));
    }

    private static String shortened(String text) {
        return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) : text;
    }

    /** The members of an object; one that is missing or of the wrong kind is refused. */
    private record Fields(JsonNode node) {

        String text(String field) {
            return require(field, node.path(field).isTextual()).textValue();
        }

        long number(String field) {
            JsonNode number = require(field, node.path(field).canConvertToExactIntegral());
            return require(field, number.longValue() >= 0).longValue();
        }

        int count(String field) {
            return Math.toIntExact(number(field));
        }

        LocalDate date(String field) {
            try {
                return LocalDate.parse(text(field));
            } catch (DateTimeException e) {
                throw wrong(field, e);
            }
        }

        Instant instant(String field) {
            try {
                return Instant.parse(text(field));
            } catch (DateTimeException e) {
                throw wrong(field, e);
            }
        }

        FailureKind kind() {
            try {
                return FailureKind.valueOf(text("kind"));
            } catch (IllegalArgumentException e) {
                return FailureKind.FETCHER; // of a newer version
            }
        }

        private JsonNode require(String field, boolean asExpected) {
            if (!asExpected) {
                throw wrong(field, null);
            }
            return node.path(field);
        }

        private static IllegalArgumentException wrong(String field, Exception cause) {
            return new IllegalArgumentException(
                    "A message for mixpanel-export is no task or outcome: its member \""
                            + field
                            + "\" is missing or wrong. Send it on as it came from the consumer or the"
                            + " producer",
                    cause);
        }
    }
}
