/**
 * Ack: exchanges in flight, and the line up to which a window is acknowledged. Never blocks the
 * thread that completes an exchange; no I/O.
 */
package io.github.camelmixpanel.export.internal.pipeline.ack;
