package io.github.camelmixpanel.export.internal.dedupe;

/**
 * Which lines of one body are not to be emitted, and how its keys compare with those emitted
 * before. {@code newKeys + resumed + alreadyEmitted + repeatedInBody} is the number of its events.
 *
 * @param lines every line whose key was emitted before, and of the other keys every line but their
 *     first
 * @param newKeys keys to be emitted, each once
 * @param resumed keys that were acknowledged before in this very generation
 * @param alreadyEmitted keys that were acknowledged before in another
 * @param repeatedInBody lines with the key of an earlier line of this body, of either kind
 * @param vanished keys that the last export of their whole day had and this body, which is one too,
 *     has not
 * @param rewritten keys of events whose {@code distinct_id} was another in the last export of their
 *     day: with {@code INSERT_ID} among those emitted before, with {@code MIXPANEL} among the
 *     others, as many of which then vanished
 */
public record Duplicates(
        LineBitmap lines,
        long newKeys,
        long resumed,
        long alreadyEmitted,
        long repeatedInBody,
        long vanished,
        long rewritten) {}
