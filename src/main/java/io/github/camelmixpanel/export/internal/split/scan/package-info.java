/** Scan: reads the JSON of one line and finds the fields that become headers and keys. */
package io.github.camelmixpanel.export.internal.split.scan;
