/** File: the key and run files on disk, each format described where it is written. */
package io.github.camelmixpanel.export.internal.dedupe.file;
