/** Download: one body, fetched, spooled and verified in one go. Emits nothing. */
package io.github.camelmixpanel.export.internal.pipeline.download;
