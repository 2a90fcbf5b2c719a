/**
 * Plan: decides which windows are due. Pure functions of the time and of what the ledger records.
 */
package io.github.camelmixpanel.export.internal.plan;
