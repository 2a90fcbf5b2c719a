package io.github.camelmixpanel.export.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One export query as the simulator received it: refused, failed and served ones alike. Immutable.
 *
 * <p>It holds no secret: of the {@code authorization} header only the scheme is kept, followed by
 * {@code accepted} or {@code refused}, for example {@code Basic accepted}.
 *
 * @param at when its head had arrived, by the simulator's clock
 * @param fromDate first day asked for, or null if missing or not a date
 * @param toDate last day asked for, inclusive, or null if missing or not a date
 * @param events event names asked for; empty for all
 * @param where the expression, or null
 * @param limit the limit asked for, or null if missing or not a number
 * @param timeInMs whether {@code time_in_ms=true} was asked for
 * @param parameters every query parameter, decoded, in the order received
 * @param headers every request header by its lower-case name
 * @param status the HTTP status sent, or 0 as long as none was
 * @param lines how many lines normal service had for it; 0 as long as it is not answered, and for a
 *     refusal. Lines that a script takes away count only if it does so before compression
 * @param bytes length of the answer's body if nothing cuts it on its way, that is compressed
 */
public record Query(
        Instant at,
        LocalDate fromDate,
        LocalDate toDate,
        List<String> events,
        String where,
        Integer limit,
        boolean timeInMs,
        Map<String, String> parameters,
        Map<String, String> headers,
        int status,
        int lines,
        long bytes) {

    public Query {
        events = List.copyOf(events);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    Query answered(Response response) {
        return new Query(
                at,
                fromDate,
                toDate,
                events,
                where,
                limit,
                timeInMs,
                parameters,
                headers,
                response.status(),
                response.lines(),
                response.bodyBytes());
    }
}
