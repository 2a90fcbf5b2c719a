package io.github.camelmixpanel.export.internal.split;

/**
 * Counts the lines of a body that passed its check.
 *
 * @param lines all lines, including blank and bad ones
 * @param events lines that are events the query asks for
 * @param badLines lines that are neither blank nor events
 * @param otherEvents lines that are other events: from hot shards, with a name the query does not
 *     ask for
 */
public record BodyCounts(long lines, long events, long badLines, long otherEvents) {}
