package io.github.camelmixpanel.export.internal.split;

/**
 * What a body that passed its check holds.
 *
 * @param lines all of them, blank and bad ones included
 * @param events lines that are events asked for
 * @param badLines lines that are neither blank nor events
 * @param otherEvents lines that are other events: of hot shards, under a name not asked for
 */
public record BodyCounts(long lines, long events, long badLines, long otherEvents) {}
