/** Key: what makes two events the same one, and lists of such keys. */
package io.github.camelmixpanel.export.internal.dedupe.key;
