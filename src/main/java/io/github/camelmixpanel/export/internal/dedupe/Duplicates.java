package io.github.camelmixpanel.export.internal.dedupe;

/**
 * Names every line of one body that must not be emitted, and compares its keys with those emitted
 * before. {@code newKeys + resumed + alreadyEmitted + repeatedInBody} is the number of its events.
 *
 * @param newKeys keys to emit, each once
 * @param resumed keys that were acknowledged earlier in the same generation
 * @param alreadyEmitted keys that were acknowledged in another generation
 * @param repeatedInBody lines with the key of an earlier line of this body, of either kind
 * @param vanished keys that the last export of their whole day had and this body, which also has
 *     that day whole, lacks
 * @param rewritten keys of events whose {@code distinct_id} differed in the last export of their
 *     day: with {@code INSERT_ID} they are among those emitted before, with {@code MIXPANEL} among
 *     the new ones, and as many vanished
 * @param changed keys whose events have other properties than in the last export, or, if new, than
 *     in their first line
 */
public record Duplicates(
        RepeatedLines lines,
        long newKeys,
        long resumed,
        long alreadyEmitted,
        long repeatedInBody,
        long vanished,
        long rewritten,
        long changed) {}
