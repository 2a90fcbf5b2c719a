/**
 * Spool: bodies on disk as they were received, read strictly; and lines set aside, bad or refused.
 */
package io.github.camelmixpanel.export.spool;
