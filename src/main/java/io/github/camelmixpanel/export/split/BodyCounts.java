package io.github.camelmixpanel.export.split;

/**
 * What a body that passed its check holds.
 *
 * @param lines all of them, blank and bad ones included
 * @param events lines that are events
 * @param badLines lines that are neither blank nor events
 */
public record BodyCounts(long lines, long events, long badLines) {}
