package io.github.camelmixpanel.export.internal.model;

/**
 * A verified body on disk, and what the verification counted.
 *
 * @param file its name in the spool folder
 * @param gzip whether it is compressed, as Mixpanel sent it
 * @param bytes its length on disk
 * @param sha256 of the file's bytes, in hex
 * @param lines lines in it, blank and bad ones included
 * @param events lines that are events asked for
 * @param badLines lines that are neither blank nor events
 * @param otherEvents lines that are other events: of hot shards, under a name not asked for
 */
public record SpooledBody(
        String file,
        boolean gzip,
        long bytes,
        String sha256,
        long lines,
        long events,
        long badLines,
        long otherEvents) {}
