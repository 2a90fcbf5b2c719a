package io.github.camelmixpanel.export.week;

import java.time.Instant;

/**
 * The end of a life that nobody wanted.
 *
 * @param unwrittenSince since when the disk took nothing, or as {@code at}
 */
record Crash(int life, Instant at, Instant unwrittenSince) {}
