/**
 * Pipeline: composes the stages into one export, owns the life of a window, and is the only writer
 * of the ledger. Knows every stage; does not know Camel.
 */
package io.github.camelmixpanel.export.internal.pipeline;
