package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.option.OnBadLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Passes a body only if its content shows that Mixpanel wrote it to the end.
 *
 * <p>An answer with status 200 may end in the line {@code terminated early}, in half an event or in
 * an error message (all observed). Therefore:
 *
 * <ul>
 *   <li>a body without bytes is a window without events, and passes;
 *   <li>in any other, the last line that is not blank must be an event; it may lack its line end;
 *   <li>at most 1 % of the lines that are not blank may be bad, whatever {@code onBadLine} says.
 * </ul>
 *
 * It cannot detect a body that was cut between two lines: the transport and the gzip trailer do.
 */
public final class BodyCheck {

    private static final int MAX_BAD_PERCENT = 1;
    private static final int SHOWN_CHARACTERS = 200;
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final Window window;
    private final BadLines badLines;
    private long bad;
    private BadLine firstBad;
    private BadLine lastBad;

    private record BadLine(long line, String reason, byte[] bytes) {

        @Override
        public String toString() {
            return "line %d (%s)".formatted(line, reason);
        }
    }

    private BodyCheck(Window window, BadLines badLines) {
        this.window = window;
        this.badLines = badLines;
    }

    /**
     * Reads the body to its end.
     *
     * @param window of the body, for messages
     * @param offsets filled with the field offsets of the events
     * @param badLines receives bad lines while reading, even if the body then fails
     * @param taker receives events while reading, even if the body then fails
     * @throws IncompleteExportException when the content does not prove the body complete
     * @throws MalformedEventException when it does, but a line is bad and {@code onBadLine} is FAIL
     * @throws IOException when the body cannot be read to its end
     */
    public static BodyCounts check(
            Window window,
            OnBadLine onBadLine,
            LineReader lines,
            EventScanner scanner,
            BodyOffsets offsets,
            BadLines badLines,
            EventTaker taker)
            throws IOException, ExportException {
        BodyCheck check = new BodyCheck(window, badLines);
        EventReader events =
                new EventReader(lines, scanner, check::found, offsets, BodyOffsets.NONE);
        return check.read(events, onBadLine, taker); // not closed: the caller owns the lines
    }

    private void found(long line, String reason, byte[] bytes) throws ExportException {
        bad++;
        lastBad = new BadLine(line, reason, bytes);
        if (firstBad == null) {
            firstBad = lastBad;
        }
        badLines.found(line, reason, bytes);
    }

    private BodyCounts read(EventReader reader, OnBadLine onBadLine, EventTaker taker)
            throws IOException, ExportException {
        long wanted = 0;
        for (ExportEvent event; (event = reader.next()) != null; ) {
            wanted++;
            taker.take(event);
        }
        long events = wanted + reader.otherEvents();
        long lines = reader.lineNumber();
        if (lines > 0 && events + bad == 0) {
            throw incomplete("it has %d lines, all of them blank".formatted(lines));
        }
        if (lastBad != null && lastBad.line > reader.lastEvent()) {
            throw incomplete(
                    "its last line is not an event: %s%s; events before it: %d"
                            .formatted(lastBad, shown(lastBad.bytes), events));
        }
        if (bad * 100 > (events + bad) * MAX_BAD_PERCENT) {
            throw incomplete(
                    "%d of %d lines are not events, which exceeds %d %%; the first is %s"
                            .formatted(bad, events + bad, MAX_BAD_PERCENT, firstBad));
        }
        if (bad > 0 && onBadLine == OnBadLine.FAIL) {
            throw new MalformedEventException(
                    """
                    Window %s: %s is not an event; bad lines: %d of %d. No event of the window is \
                    emitted (onBadLine=FAIL); onBadLine=QUARANTINE emits the others."""
                            .formatted(window, firstBad, bad, events + bad));
        }
        return new BodyCounts(lines, wanted, bad, reader.otherEvents());
    }

    private IncompleteExportException incomplete(String found) {
        return new IncompleteExportException(
                """
                Window %s: the answer is incomplete: %s. Expected an event on every line. The window \
                is exported again."""
                        .formatted(window, found));
    }

    /** The start of the line, if it may be a message of the server rather than part of an event. */
    private static String shown(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.contains("\"event\"") || text.contains("\"properties\"")) {
            return "";
        }
        int end = Math.min(text.length(), SHOWN_CHARACTERS);
        return ", which reads: " + CONTROLS.matcher(text.substring(0, end)).replaceAll("?");
    }
}
