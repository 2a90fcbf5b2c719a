/** Sort: any number of keys in order, within a bound of memory. */
package io.github.camelmixpanel.export.internal.dedupe.sort;
