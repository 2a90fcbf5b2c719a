package io.github.camelmixpanel.export.internal.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import io.github.camelmixpanel.export.option.Operation;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;

/**
 * The buttons of the status page: each sends a request to the producer of the export, as a route
 * could.
 *
 * <p>A page of another site cannot press them: a request needs a header and a content type that
 * browsers let another site send only after asking this server, which never agrees, and the origin,
 * if the browser sends one, must be this server.
 */
public final class StatusPageActions {

    /** Those that change what an export does. */
    public static final Set<Operation> OPERATIONS =
            EnumSet.of(Operation.RESUME, Operation.REEXPORT, Operation.DROP);

    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusPageActions() {}

    public record Answer(int code, String text) {}

    public static Answer act(Exchange exchange, PageRequest request) {
        if (request.header(PageRequest.OWN_HEADER) == null || !request.isFromHere()) {
            return new Answer(403, "Only the status page itself may send this request.");
        }
        if (!request.isJson()) {
            return new Answer(415, "A request is JSON: Content-Type: application/json.");
        }
        try {
            JsonNode asked = JSON.readTree(RequestBody.read(request.message()));
            Operation operation = Operation.valueOf(asked.path("operation").asText());
            if (!OPERATIONS.contains(operation)) {
                return new Answer(400, "The page has no button for " + operation + ".");
            }
            ObservedExports.Export export =
                    ObservedExports.of(exchange.getContext())
                            .byName()
                            .get(asked.path("export").asText());
            return export == null
                    ? new Answer(404, "There is no export of that name.")
                    : ask(exchange, export.endpoint(), operation, asked);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new Answer(400, "Unknown request.");
        } catch (UnreadException e) {
            return new Answer(e.code(), e.getMessage());
        } catch (IOException e) {
            return new Answer(400, "The request was not whole.");
        }
    }

    private static Answer ask(
            Exchange exchange, Endpoint endpoint, Operation operation, JsonNode asked) {
        try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
            Exchange exchanged =
                    template.request(
                            endpoint,
                            it -> {
                                Message in = it.getIn();
                                in.setHeader(MixpanelExportConstants.OPERATION, operation);
                                in.setHeader(
                                        MixpanelExportConstants.FROM_DATE,
                                        asked.path("from").asText());
                                in.setHeader(
                                        MixpanelExportConstants.TO_DATE, asked.path("to").asText());
                            });
            if (exchanged.getException() != null) {
                return new Answer(409, String.valueOf(exchanged.getException().getMessage()));
            }
            List<?> done = exchanged.getMessage().getBody(List.class);
            return done.isEmpty() // REEXPORT fails instead
                    ? new Answer(404, "No parked events and no waiting windows there.")
                    : new Answer(200, did(operation, done));
        } catch (IOException e) {
            return new Answer(500, String.valueOf(e.getMessage()));
        }
    }

    /**
     * @param what days or windows
     */
    private static String did(Operation operation, List<?> what) {
        String all = what.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return switch (operation) {
            case RESUME -> "Tried again at once: " + all + '.';
            case DROP -> "Dropped what is parked: " + all + '.';
            default -> "Exported again at the next poll: " + all + '.';
        };
    }
}
