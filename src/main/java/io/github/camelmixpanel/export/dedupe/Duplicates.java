package io.github.camelmixpanel.export.dedupe;

/**
 * Which lines of one body are not to be emitted, and how its keys compare with those emitted
 * before. {@code newKeys + alreadyEmitted + repeatedInBody} is the number of its events.
 *
 * @param lines every line whose key was emitted before, and of the other keys every line but their
 *     first
 * @param newKeys keys to be emitted, each once
 * @param alreadyEmitted keys that were acknowledged before, in this generation or an earlier one
 * @param repeatedInBody lines with the key of an earlier line of this body, of either kind
 * @param vanished committed keys of the days asked about that are not in this body
 */
public record Duplicates(
        LineSet lines, long newKeys, long alreadyEmitted, long repeatedInBody, long vanished) {}
