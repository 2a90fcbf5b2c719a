/**
 * Plan: which windows are due. Pure: takes the time and what the ledger records, returns windows.
 */
package io.github.camelmixpanel.export.internal.plan;
