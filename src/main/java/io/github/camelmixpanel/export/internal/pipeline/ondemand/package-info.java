/** On demand: the producer's way, one window per call, with no board and no ledger. */
package io.github.camelmixpanel.export.internal.pipeline.ondemand;
