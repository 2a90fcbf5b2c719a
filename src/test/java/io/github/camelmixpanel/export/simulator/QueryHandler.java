package io.github.camelmixpanel.export.simulator;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes each request of a connection through the limits, the script, the credentials and the
 * service, in this order (assumed). Thread-safe.
 *
 * @param journal where queries are noted; asked for again at each query
 * @param usual the framing of a body that the script leaves alone
 * @param reusableConnections whether a connection takes more than one query
 */
record QueryHandler(
        Supplier<Journal> journal,
        Script script,
        AcceptedCredentials credentials,
        ExportService service,
        InstantSource clock,
        Framing usual,
        boolean reusableConnections) {

    private static final String PATH = "/api/2.0/export";

    void serve(Connection connection) throws IOException {
        boolean goesOn = true;
        while (goesOn) {
            try {
                Optional<HttpRequest> request = connection.requests().next();
                goesOn = request.isPresent() && answer(request.get(), connection);
            } catch (MalformedRequestException e) {
                goesOn = error(connection, false, 400, "malformed request: " + e.getMessage());
            }
        }
    }

    private boolean answer(HttpRequest request, Connection connection) throws IOException {
        if (!request.path().equals(PATH) && !request.path().equals(PATH + "/")) {
            return error(connection, request.keepAlive(), 404, "unknown path " + request.path());
        }
        if (!request.method().equals("GET")) {
            return error(connection, request.keepAlive(), 405, "expected GET");
        }
        if (connection.isUsed() && !reusableConnections) {
            return false;
        }
        ExportParameters parameters = new ExportParameters(request.parameters());
        Journal.Entry entry = journal.get().receive(query(request, parameters));
        connection.busy(true);
        try {
            return answer(request, parameters, entry, connection);
        } finally {
            entry.finish();
        }
    }

    private boolean answer(
            HttpRequest request,
            ExportParameters parameters,
            Journal.Entry entry,
            Connection connection)
            throws IOException {
        Plan plan = entry.refusal() == null ? script.next(parameters.fromDate()) : Plan.NORMAL;
        connection.await(plan.before());
        if (plan.silent()) {
            entry.finish();
            return false;
        }
        Reply reply = entry.refusal();
        if (reply == null) {
            reply = plan.fixed() == null ? reply(request, parameters) : plan.fixed();
        }
        Response response = plan.response(reply, request.acceptsGzip(), usual);
        entry.answered(response);
        Runnable ending =
                () -> {
                    entry.finish();
                    connection.busy(false);
                };
        return connection.send(response, request.keepAlive(), clock.instant(), ending);
    }

    private Reply reply(HttpRequest request, ExportParameters parameters) {
        return refusal(request).orElseGet(() -> service.reply(parameters));
    }

    private Optional<Reply> refusal(HttpRequest request) {
        return credentials.refusal(
                request.headers().get("authorization"), request.parameters().get("project_id"));
    }

    private Query query(HttpRequest request, ExportParameters parameters) {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        String verdict = refusal(request).isEmpty() ? "accepted" : "refused";
        headers.computeIfPresent(
                "authorization", (name, value) -> value.trim().split("\\s+", 2)[0] + " " + verdict);
        return new Query(
                clock.instant(),
                parameters.fromDate(),
                parameters.toDate(),
                parameters.events(),
                parameters.where(),
                parameters.limit(),
                parameters.timeInMs(),
                request.parameters(),
                headers,
                0,
                0,
                0);
    }

    private boolean error(Connection connection, boolean keepAlive, int status, String text)
            throws IOException {
        Response response = Response.of(Reply.error(status, text));
        return connection.send(response, keepAlive, clock.instant(), () -> {});
    }
}
