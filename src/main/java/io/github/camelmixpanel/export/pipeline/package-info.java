/**
 * Pipeline: what happens when. Composes the stages, owns the life of a window, and alone writes the
 * ledger.
 */
package io.github.camelmixpanel.export.pipeline;
