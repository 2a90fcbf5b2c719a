/**
 * Emission: a verified body from dedupe to commit: which lines are new, their exchanges, what the
 * route leaves failed, and the flush of what it acknowledged. Makes no query.
 */
package io.github.camelmixpanel.export.internal.pipeline.emission;
