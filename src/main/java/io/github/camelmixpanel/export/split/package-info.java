/** Split: cuts a body into lines, finds what becomes a header, and proves the body whole. */
package io.github.camelmixpanel.export.split;
