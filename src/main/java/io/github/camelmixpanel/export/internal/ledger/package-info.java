/** Ledger: the durable record of what is done, and the lock on the state directory. */
package io.github.camelmixpanel.export.internal.ledger;
