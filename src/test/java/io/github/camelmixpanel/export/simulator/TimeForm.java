package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * How an export writes an event's {@code time}. Every form but {@link #ISO_OFFSET} is the project's
 * wall clock as if it were UTC (documented for projects created before 2023), and so true UTC in a
 * project whose zone is UTC.
 */
public enum TimeForm {
    /** Whole seconds; milliseconds when the query says {@code time_in_ms} (documented). */
    SECONDS,

    /** Milliseconds, whatever the query says (observed by other clients). */
    MILLISECONDS,

    /** Seconds with three decimals, for example from an import (observed by other clients). */
    FRACTION,

    /** As {@link #SECONDS}, in a string (observed by other clients; in milliseconds, assumed). */
    TEXT,

    /** {@code 2026-01-01T09:30:00}, without an offset (observed by other clients). */
    ISO,

    /** {@code 2026-01-01T08:30:00Z}: the true instant (assumed). */
    ISO_OFFSET;

    JsonNode node(Instant time, ZoneId zone, boolean timeInMs) {
        LocalDateTime wall = LocalDateTime.ofInstant(time, zone);
        long millis = wall.toInstant(ZoneOffset.UTC).toEpochMilli();
        long seconds = Math.floorDiv(millis, 1000L);
        return switch (this) {
            case SECONDS -> LongNode.valueOf(timeInMs ? millis : seconds);
            case MILLISECONDS -> LongNode.valueOf(millis);
            case FRACTION -> DecimalNode.valueOf(BigDecimal.valueOf(millis, 3));
            case TEXT -> TextNode.valueOf(Long.toString(timeInMs ? millis : seconds));
            case ISO -> TextNode.valueOf(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(wall));
            case ISO_OFFSET -> TextNode.valueOf(DateTimeFormatter.ISO_INSTANT.format(time));
        };
    }
}
