/** Split: cuts a body into lines and proves the body whole. */
package io.github.camelmixpanel.export.internal.split;
