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
 * <p>An answer of status 200 may end in the line {@code terminated early}, in half an event or in
 * an error message (all observed), so:
 *
 * <ul>
 *   <li>a body of no bytes is a window without events, and passes;
 *   <li>of any other, the last line that is not blank is an event; its line end may be missing;
 *   <li>no more than 1 % of the lines that are not blank are bad, whatever {@code onBadLine} says.
 * </ul>
 *
 * What remains unseen is a body that was cut between two lines: the transport and the gzip trailer
 * tell of that.
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
            return "line " + line + " (" + reason + ")";
        }
    }

    private BodyCheck(Window window, BadLines badLines) {
        this.window = window;
        this.badLines = badLines;
    }

    /**
     * Reads the body to its end.
     *
     * @param window whose body it is, for messages
     * @param places filled with the places of fields
     * @param badLines told of bad lines while reading, that is also in a body that then fails
     * @param taker told of each event while reading, that is also in a body that then fails
     * @throws IncompleteExportException when the body is not shown to be complete
     * @throws MalformedEventException when it is, but has a bad line, and {@code onBadLine} is FAIL
     * @throws IOException when the body cannot be read to its end
     */
    public static BodyCounts check(
            Window window,
            OnBadLine onBadLine,
            LineReader lines,
            EventScanner scanner,
            BodyOffsets places,
            BadLines badLines,
            EventTaker taker)
            throws IOException, ExportException {
        BodyCheck check = new BodyCheck(window, badLines);
        EventReader events =
                new EventReader(lines, scanner, check::found, places, BodyOffsets.NONE);
        return check.read(events, onBadLine, taker); // not closed: the lines are the caller's
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
            throw incomplete("it has " + lines + " lines and all are blank");
        }
        if (lastBad != null && lastBad.line > reader.lastEvent()) {
            throw incomplete(
                    "its last line is no event: "
                            + lastBad
                            + shown(lastBad.bytes)
                            + "; events before it: "
                            + events);
        }
        if (bad * 100 > (events + bad) * MAX_BAD_PERCENT) {
            throw incomplete(
                    bad
                            + " of "
                            + (events + bad)
                            + " lines are no events, more than "
                            + MAX_BAD_PERCENT
                            + " %; the first is "
                            + firstBad);
        }
        if (bad > 0 && onBadLine == OnBadLine.FAIL) {
            throw new MalformedEventException(
                    "Window "
                            + window
                            + ": "
                            + firstBad
                            + " is no event; bad lines: "
                            + bad
                            + " of "
                            + (events + bad)
                            + ". Nothing of the window is emitted (onBadLine=FAIL);"
                            + " with QUARANTINE the other lines would be.");
        }
        return new BodyCounts(lines, wanted, bad, reader.otherEvents());
    }

    private IncompleteExportException incomplete(String found) {
        return new IncompleteExportException(
                "Window "
                        + window
                        + ": the answer is not complete: "
                        + found
                        + ". Expected an event in every line. The window will be asked for again.");
    }

    /** The start of the line, if it may be a message of the server and not part of an event. */
    private static String shown(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.contains("\"event\"") || text.contains("\"properties\"")) {
            return "";
        }
        int end = Math.min(text.length(), SHOWN_CHARACTERS);
        return ", it reads: " + CONTROLS.matcher(text.substring(0, end)).replaceAll("?");
    }
}
