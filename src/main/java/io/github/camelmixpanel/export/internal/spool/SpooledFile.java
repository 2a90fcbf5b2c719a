package io.github.camelmixpanel.export.internal.spool;

/**
 * Describes a finished spool file: complete on disk under its final name, not yet verified.
 *
 * @param file its name in the spool folder
 * @param gzip whether it is compressed
 * @param bytes its length on disk
 * @param sha256 of the file's bytes, in hex
 */
public record SpooledFile(String file, boolean gzip, long bytes, String sha256) {}
