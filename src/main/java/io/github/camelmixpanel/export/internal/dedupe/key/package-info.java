/** Key: decides which events are the same one, and lists their keys compactly. */
package io.github.camelmixpanel.export.internal.dedupe.key;
