/**
 * API: why an export, a window or a line failed. One sealed family, {@code ExportException}, for
 * everything that Mixpanel, the network or the disk does; no message holds a credential.
 */
package io.github.camelmixpanel.export.failure;
