package io.github.camelmixpanel.export.simulator;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Mixpanel says to an export query when nothing goes wrong on the way. Thread-safe.
 *
 * @param store the events
 * @param clock tells today, and what has been processed
 * @param zone the project's zone; today is a day of it
 * @param lateArrival whether lines that Mixpanel processes after now are still unknown
 * @param chosen which of the lines an answer has, and in which order
 */
record ExportService(
        EventStore store,
        InstantSource clock,
        ZoneId zone,
        boolean lateArrival,
        AnswerLines chosen) {

    /** The events asked for, or the 400 that says why not. */
    Reply reply(ExportParameters parameters) {
        Optional<String> problem = parameters.problem();
        if (problem.isPresent()) {
            return Reply.error(400, problem.get());
        }
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, zone);
        if (parameters.toDate().isAfter(today)) {
            // observed: this one is plain text
            return Reply.text(400, "to_date cannot be later than today");
        }
        try {
            return Reply.events(body(parameters, now));
        } catch (InvalidWhereException e) {
            return Reply.error(400, "where: " + e.getMessage());
        }
    }

    private byte[] body(ExportParameters parameters, Instant now) {
        Lines lines = new Lines(parameters, now);
        List<byte[]> blocks =
                store.blocks(parameters.fromDate(), parameters.toDate()).stream()
                        .map(block -> block.lines(now, zone, parameters.timeInMs()))
                        .toList();
        for (byte[] block : chosen.of(blocks, now)) {
            lines.add(block);
        }
        return lines.body.toByteArray();
    }

    /** Collects the lines that pass, as they are stored. */
    private final class Lines {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final Set<String> events;
        private final WhereExpression where;
        private final boolean timeInMs;
        private final Instant now;
        private int left;

        Lines(ExportParameters parameters, Instant now) {
            this.now = now;
            events = Set.copyOf(parameters.events());
            where = parameters.where() == null ? null : WhereExpression.parse(parameters.where());
            timeInMs = parameters.timeInMs();
            left = parameters.limit() == null ? Integer.MAX_VALUE : parameters.limit();
        }

        void add(byte[] block) {
            if (!filters() && !lateArrival && !timeInMs && left == Integer.MAX_VALUE) {
                body.writeBytes(block);
                return;
            }
            for (int start = 0, end; start < block.length && left > 0; start = end + 1) {
                end = start;
                while (block[end] != '\n') {
                    end++;
                }
                addLine(Arrays.copyOfRange(block, start, end));
            }
        }

        private boolean filters() {
            return !events.isEmpty() || where != null;
        }

        /** A line that is no event passes unless something is asked about it. */
        private void addLine(byte[] line) {
            Optional<StoredEvent> event = StoredEvent.parse(line);
            if (event.isPresent() ? passes(event.get()) : !filters()) {
                boolean rewrite = timeInMs && event.isPresent();
                body.writeBytes(rewrite ? event.get().lineInMilliseconds() : line);
                body.write('\n');
                left--;
            }
        }

        private boolean passes(StoredEvent event) {
            return (events.isEmpty() || events.contains(event.name().asText()))
                    && (!lateArrival || event.processedMillis() <= now.toEpochMilli())
                    && (where == null || where.matches(event));
        }
    }
}
