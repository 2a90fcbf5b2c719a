/** Scan: parses the JSON of one line and extracts the fields that become headers and keys. */
package io.github.camelmixpanel.export.internal.split.scan;
