/**
 * Admission: takes due windows from the board, waits for the quota, and decides what a failed query
 * means for its window. Does not read a body.
 */
package io.github.camelmixpanel.export.internal.pipeline.admission;
