/** Sort: puts any number of keys in order within a memory limit. */
package io.github.camelmixpanel.export.internal.dedupe.sort;
