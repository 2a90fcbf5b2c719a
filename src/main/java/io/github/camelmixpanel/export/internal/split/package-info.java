/** Split: cuts a body into lines and events, and proves it complete. */
package io.github.camelmixpanel.export.internal.split;
