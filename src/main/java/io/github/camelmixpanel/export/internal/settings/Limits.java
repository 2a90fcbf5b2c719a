package io.github.camelmixpanel.export.internal.settings;

/**
 * How many queries a project may make: in any 60 minutes, in any second, and at the same time.
 * Mixpanel documents 60, 3 and 100 for the raw export API, for a whole project, across all of its
 * clients.
 */
public record Limits(int queriesPerHour, int queriesPerSecond, int maxConcurrentQueries) {}
