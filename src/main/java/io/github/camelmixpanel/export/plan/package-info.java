/** Plan: which windows are due. Pure: takes the time and the ledger's word, returns windows. */
package io.github.camelmixpanel.export.plan;
