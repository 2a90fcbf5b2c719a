/**
 * Board: the windows that are due, their state, and who works on each. One monitor guards them; no
 * I/O, no waiting for the quota.
 */
package io.github.camelmixpanel.export.internal.pipeline.board;
