package io.github.camelmixpanel.export.bench;

/**
 * What a contender took, all its processes together, from the start of the first to the end of the
 * last.
 *
 * @param wall in seconds
 * @param cpu user and system, in seconds
 * @param megabytes the most that its largest process had in memory
 * @param output what it wrote
 */
record Measured(double wall, double cpu, double megabytes, String output) {}
