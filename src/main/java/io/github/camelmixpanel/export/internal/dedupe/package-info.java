/**
 * Dedupe: which lines of a body the route has had before, and what changed since the last export of
 * their days, by sorted files of keys.
 */
package io.github.camelmixpanel.export.internal.dedupe;
