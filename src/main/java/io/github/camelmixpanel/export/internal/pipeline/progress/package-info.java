/**
 * Progress: what an export reports of itself: log, estimate, counters, snapshot. Decides nothing.
 */
package io.github.camelmixpanel.export.internal.pipeline.progress;
