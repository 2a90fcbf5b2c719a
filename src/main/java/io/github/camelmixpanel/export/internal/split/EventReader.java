package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.NotAnEvent;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Returns the events of a body in order, and accounts for each of its lines: it is an event, or
 * blank, or reported as bad. Events that the query did not ask for are counted and left out.
 *
 * <p>A blank line is empty, or has spaces and tabs only. Not thread-safe. Closing it closes the
 * body.
 */
public final class EventReader implements Closeable {

    private final LineReader lines;
    private final EventScanner scanner;
    private final EventScanner.Lines scan;
    private final BadLines badLines;
    private long otherEvents;
    private long lastEvent;

    public EventReader(LineReader lines, EventScanner scanner, BadLines badLines) {
        this(lines, scanner, badLines, BodyOffsets.NONE, BodyOffsets.NONE);
    }

    /**
     * @param found filled with the field offsets of the events
     * @param known the field offsets found earlier in the same body
     */
    public EventReader(
            LineReader lines,
            EventScanner scanner,
            BadLines badLines,
            BodyOffsets found,
            BodyOffsets known) {
        this.lines = lines;
        this.scanner = scanner;
        this.scan = scanner.lines(found, known);
        this.badLines = badLines;
    }

    /**
     * The next event, or null at the end of the body. It is valid until the next call; {@link
     * ExportEvent#kept} outlives it.
     *
     * @throws IOException when the body cannot be read to its end
     * @throws ExportException when a bad line cannot be quarantined
     */
    public ExportEvent next() throws IOException, ExportException {
        while (lines.advance(scan.knownLength(lines.lineNumber() + 1))) {
            if (lines.tooLong()) {
                badLines.found(lines.lineNumber(), "longer than maxLineSize", lines.copy());
                continue;
            }
            if (isBlank()) {
                continue;
            }
            try {
                ExportEvent event =
                        scan.scan(lines.lineNumber(), lines.bytes(), lines.from(), lines.to());
                lastEvent = event.line();
                if (scanner.wants(event)) {
                    return event;
                }
                otherEvents++;
            } catch (NotAnEvent e) {
                badLines.found(lines.lineNumber(), e.getMessage(), lines.copy());
            }
        }
        return null;
    }

    /**
     * Skips the lines before this one without parsing them or reporting bad ones.
     *
     * @param goOn checked before each line
     */
    public void skipTo(long line, BooleanSupplier goOn) throws IOException {
        while (goOn.getAsBoolean() && lines.lineNumber() < line - 1 && lines.advance(0)) {
            // the next line is the one wanted, or the body has ended
        }
    }

    /**
     * Number of the line last read, from 1; 0 before the first; at the end, the number of lines.
     */
    public long lineNumber() {
        return lines.lineNumber();
    }

    /** The number of events left out so far. */
    long otherEvents() {
        return otherEvents;
    }

    /** The line of the last event, returned or left out; 0 before the first. */
    long lastEvent() {
        return lastEvent;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private boolean isBlank() {
        byte[] bytes = lines.bytes();
        for (int i = lines.from(); i < lines.to(); i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }
}
