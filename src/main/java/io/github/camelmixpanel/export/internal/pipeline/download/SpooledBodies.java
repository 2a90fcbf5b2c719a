package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.SpoolException;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.BadLines;
import io.github.camelmixpanel.export.internal.split.EventReader;
import io.github.camelmixpanel.export.internal.split.EventTaker;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.split.scan.EventTime;
import io.github.camelmixpanel.export.internal.spool.GunzipInputStream;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.internal.spool.Spool;
import java.io.IOException;
import java.io.InputStream;

/**
 * The verified bodies in a spool, each opened in the same way as it was verified. Thread-safe.
 *
 * @param maxLineSize in bytes
 */
public record SpooledBodies(Spool spool, EventScanner scanner, int maxLineSize) {

    public static SpooledBodies of(Spool spool, ExportSettings settings) {
        EventTime times = new EventTime(settings.timeZone(), settings.query().timeInMs());
        EventScanner scanner = new EventScanner(times, settings.query());
        return new SpooledBodies(spool, scanner, settings.emission().maxLineSize());
    }

    /** The lines of a body as it was received, which is also kept in memory. */
    LineReader lines(InputStream received, boolean gzip, InflatedBody kept) {
        InputStream inflated = gzip ? new GunzipInputStream(received) : received;
        return new LineReader(kept.keep(inflated), maxLineSize);
    }

    /** The lines of a verified body, of which this is in memory. */
    public LineReader lines(SpooledBody body, InflatedBody kept) throws SpoolException {
        return new LineReader(kept.isWhole() ? kept.read() : spool.inflate(body), maxLineSize);
    }

    /** The events of a verified body, without the lines that are none. */
    public EventReader events(SpooledBody body) throws SpoolException {
        return new EventReader(lines(body, InflatedBody.NONE), scanner, BadLines.IGNORE);
    }

    /**
     * Reads the events of a verified body.
     *
     * @throws SpoolException when it cannot be read to its end
     */
    public void read(Window window, SpooledBody body, EventTaker taker) throws ExportException {
        try (EventReader events = events(body)) {
            for (ExportEvent event; (event = events.next()) != null; ) {
                taker.take(event);
            }
        } catch (IOException e) {
            throw unreadable(window, body, e);
        }
    }

    public void delete(SpooledBody body) {
        spool.delete(body.file());
    }

    /** Why a verified body could not be read to its end. */
    public static SpoolException unreadable(Window window, SpooledBody body, IOException e) {
        return new SpoolException(
                "Window %s: cannot read its spooled body %s: %s"
                        .formatted(window, body.file(), e.getMessage()),
                e,
                true);
    }
}
