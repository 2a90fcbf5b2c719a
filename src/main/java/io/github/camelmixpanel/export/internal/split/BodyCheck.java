package io.github.camelmixpanel.export.internal.split;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.failure.MalformedEventException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.text.Printable;
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
 *   <li>at most 1 % of the lines that are not blank may be bad, whatever {@code onBadLine} says;
 *   <li>no line may be {@code terminated early}, wherever it is.
 * </ul>
 *
 * The second and the third rule do not hold against an answer that comes twice: then Mixpanel has
 * nothing else. It has the same lines, whatever their order, the last one has its line end and is
 * no message of the server, and an event is among them, though it may be a broken one.
 *
 * <p>It cannot detect a body that was cut between two lines: the transport and the gzip trailer do.
 */
public final class BodyCheck {

    private static final int MAX_BAD_PERCENT = 1;
    private static final int SHOWN_CHARACTERS = 200;
    private static final int LONGEST_MESSAGE = 8192;
    private static final String TERMINATED = "terminated early";

    /** How an error page, or an error message as observed, begins. */
    private static final Pattern MESSAGE =
            Pattern.compile("\\s*(<|\\{\\s*\"error\"|error completing export)");

    private final Window window;
    private final BadLines badLines;
    private long bad;
    private BadLine firstBad;
    private BadLine lastBad;
    private BadLine terminated;
    private boolean anyPartOfAnEvent;

    /** What is known of earlier answers for the same window. */
    @FunctionalInterface
    public interface EarlierAnswers {

        /** Whether one had the same lines as this body, which is remembered. */
        boolean anySame() throws IOException, ExportException;
    }

    private record BadLine(long line, String reason, byte[] bytes) {

        /** Its start, and all of it if it is a message. */
        String text() {
            int length = Math.min(bytes.length, LONGEST_MESSAGE);
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }

        boolean isPartOfAnEvent() {
            String text = text();
            return text.contains("\"event\"") || text.contains("\"properties\"");
        }

        boolean endsWithTerminated() {
            int from = Math.max(0, bytes.length - 2 * TERMINATED.length());
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                    .strip()
                    .endsWith(TERMINATED);
        }

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
     * @param earlier asked at the end of a body that only its bad lines keep from passing
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
            EarlierAnswers earlier,
            EventTaker taker)
            throws IOException, ExportException {
        BodyCheck check = new BodyCheck(window, badLines);
        EventReader events = // not closed: the caller owns the lines
                new EventReader(lines, scanner, check::found, offsets, BodyOffsets.NONE);
        return check.read(events, onBadLine, () -> lines.ended() && earlier.anySame(), taker);
    }

    /**
     * The same number for two bodies with the same lines, whatever the order of lines, and of
     * members in a line: the sum of a hash of each line, which hashes how often it has each byte.
     */
    public static long fingerprint(LineReader lines) throws IOException {
        long sum = 0;
        while (lines.advance(0)) {
            byte[] line = lines.bytes();
            long bytes = 0;
            for (int i = lines.from(); i < lines.to(); i++) {
                bytes += mixed((line[i] & 0xff) + 1);
            }
            sum += mixed(bytes);
        }
        return sum;
    }

    /** The finalizer of MurmurHash3. */
    private static long mixed(long bits) {
        long hash = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private void found(long line, String reason, byte[] bytes) throws ExportException {
        if (line == 1 && isGzip(bytes)) {
            throw new IncompleteExportException(
                    """
                    Window %s: the lines of the body are gzip bytes: its Content-Encoding is missing, or \
                    does not name all of its codings. Look for a proxy that strips or changes this \
                    header. The window is exported again."""
                            .formatted(window));
        }
        bad++;
        lastBad = new BadLine(line, reason, bytes);
        if (firstBad == null) {
            firstBad = lastBad;
        }
        anyPartOfAnEvent |= lastBad.isPartOfAnEvent();
        if (terminated == null && lastBad.endsWithTerminated()) {
            terminated = lastBad;
        }
        badLines.found(line, reason, bytes);
    }

    private static boolean isGzip(byte[] line) {
        return line.length > 1 && line[0] == 0x1f && line[1] == (byte) 0x8b;
    }

    private BodyCounts read(
            EventReader reader, OnBadLine onBadLine, EarlierAnswers earlier, EventTaker taker)
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
        String doubt = doubt(events, reader.lastEvent());
        if (doubt != null && !(mayBeWhole(events, reader.lastEvent()) && earlier.anySame())) {
            throw incomplete(doubt);
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

    /** Why the body may not be all of the answer; null for no reason. */
    private String doubt(long events, long lastEvent) {
        if (lastBad != null && lastBad.line > lastEvent) {
            return "its last line is not an event: %s%s; events before it: %d"
                    .formatted(lastBad, shown(lastBad), events);
        }
        if (terminated != null) {
            return "%s says so%s; events in all: %d"
                    .formatted(terminated, shown(terminated), events);
        }
        return bad * 100 <= (events + bad) * MAX_BAD_PERCENT
                ? null
                : "%d of %d lines are not events, which exceeds %d %%; the first is %s"
                        .formatted(bad, events + bad, MAX_BAD_PERCENT, firstBad);
    }

    /** Whether the same answer, if it comes again, is whole. */
    private boolean mayBeWhole(long events, long lastEvent) {
        boolean endsInMessage =
                lastBad.line > lastEvent && MESSAGE.matcher(lastBad.text()).lookingAt();
        return terminated == null && !endsInMessage && (events > 0 || anyPartOfAnEvent);
    }

    private IncompleteExportException incomplete(String found) {
        return new IncompleteExportException(
                """
                Window %s: the answer is incomplete: %s. Expected an event on every line. The window \
                is exported again."""
                        .formatted(window, found));
    }

    /** The start of the line, if it may be a message of the server rather than part of an event. */
    private static String shown(BadLine line) {
        if (line.isPartOfAnEvent() || line.bytes.length > LONGEST_MESSAGE) {
            return "";
        }
        return ", which reads: " + Printable.of(line.text(), SHOWN_CHARACTERS);
    }
}
