/**
 * Dedupe: which lines of a body the route has had before, and what changed since, by sorted files
 * of keys.
 */
package io.github.camelmixpanel.export.dedupe;
