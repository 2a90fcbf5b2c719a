/**
 * Options: turns option text into settings, once, and reports every mistake at start. Knows the
 * configuration; does no work of an export.
 */
package io.github.camelmixpanel.export.internal.options;
