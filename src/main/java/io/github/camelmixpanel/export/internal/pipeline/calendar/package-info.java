/**
 * Calendar: which days of an export are due, from the ledger and the plan stage. Makes no query and
 * holds no window.
 */
package io.github.camelmixpanel.export.internal.pipeline.calendar;
