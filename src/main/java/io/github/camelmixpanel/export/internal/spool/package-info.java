/** Spool: bodies on disk as received, read strictly; and lines set aside, bad or parked. */
package io.github.camelmixpanel.export.internal.spool;
