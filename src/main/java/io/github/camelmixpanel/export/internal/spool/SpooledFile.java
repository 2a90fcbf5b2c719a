package io.github.camelmixpanel.export.internal.spool;

/**
 * A finished spool file: whole on disk under its final name, not yet verified.
 *
 * @param file its name in the spool folder
 * @param gzip whether it is compressed
 * @param bytes its length on disk
 * @param sha256 of the file's bytes, in hex
 */
public record SpooledFile(String file, boolean gzip, long bytes, String sha256) {}
