/** Spool: keeps bodies on disk as received and reads them strictly; keeps bad and parked lines. */
package io.github.camelmixpanel.export.internal.spool;
