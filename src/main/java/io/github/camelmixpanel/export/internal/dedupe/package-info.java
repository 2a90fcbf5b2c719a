/**
 * Dedupe: decides by sorted files of keys which lines of a body the route has had before, and
 * counts what changed since the last export of their days.
 */
package io.github.camelmixpanel.export.internal.dedupe;
