package io.github.camelmixpanel.export.pipeline;

import io.github.camelmixpanel.export.fetch.CutBodyException;
import io.github.camelmixpanel.export.fetch.ExportRequest;
import io.github.camelmixpanel.export.fetch.ExportResponse;
import io.github.camelmixpanel.export.model.ExportException;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.IncompleteExportException;
import io.github.camelmixpanel.export.model.SpoolException;
import io.github.camelmixpanel.export.model.SpooledBody;
import io.github.camelmixpanel.export.model.TransientExportException;
import io.github.camelmixpanel.export.model.Window;
import io.github.camelmixpanel.export.pipeline.SpoolingInputStream.ExportStreamException;
import io.github.camelmixpanel.export.split.BodyCheck;
import io.github.camelmixpanel.export.split.BodyCounts;
import io.github.camelmixpanel.export.split.EventScanner;
import io.github.camelmixpanel.export.split.LineReader;
import io.github.camelmixpanel.export.spool.GunzipInputStream;
import io.github.camelmixpanel.export.spool.GzipException;
import io.github.camelmixpanel.export.spool.Quarantine;
import io.github.camelmixpanel.export.spool.Spool;
import io.github.camelmixpanel.export.spool.SpoolWriter;
import io.github.camelmixpanel.export.spool.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A window's body is on disk and proven complete when {@link #run} returns; otherwise nothing of it
 * is left.
 *
 * <p>The bytes are spooled as received while they are verified: compression to its last trailer,
 * the transport's end, and the lines in them. Used by several threads at a time.
 */
final class Download {

    private final ExportSettings settings;
    private final Spool spool;
    private final EventScanner scanner;
    private final Optional<Seen> seen;
    private final Board board;
    private final Quarantine quarantine;
    private final InstantSource clock;

    Download(
            ExportSettings settings,
            Spool spool,
            EventScanner scanner,
            Optional<Seen> seen,
            Board board,
            Quarantine quarantine,
            InstantSource clock) {
        this.settings = settings;
        this.spool = spool;
        this.scanner = scanner;
        this.seen = seen;
        this.board = board;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    SpooledBody run(WindowTask task, ExportRequest request)
            throws ExportException, InterruptedException {
        Instant deadline = clock.instant().plus(settings.windowTimeout());
        BodyKeys keys = seen.map(Seen::newKeys).orElse(null);
        boolean whole = false;
        try (ExportResponse response = request.send(clock.instant());
                SpoolWriter writer = spool.create(task.window, task.generation);
                Quarantine.Writer badLines = quarantine.create(task.window, task.generation)) {
            InputStream received =
                    new SpoolingInputStream(response.body(), writer, new Room(task, deadline));
            boolean gzip = response.gzip();
            BodyCounts counts = verify(task.window, received, gzip, badLines, keys);
            badLines.finish();
            SpooledFile file = writer.finish(gzip);
            whole = true;
            task.keys = keys;
            return new SpooledBody(
                    file.file(),
                    gzip,
                    file.bytes(),
                    file.sha256(),
                    counts.lines(),
                    counts.events(),
                    counts.badLines());
        } catch (CutBodyException | GzipException e) {
            throw new IncompleteExportException(
                    "Window " + task.window + ": the body ends early: " + e.getMessage(), e);
        } catch (SocketTimeoutException e) {
            throw new TransientExportException(
                    "Window " + task.window + ": no byte came for longer than responseTimeout", e);
        } catch (ExportStreamException e) {
            throw e.failure();
        } catch (IOException e) {
            throw new TransientExportException(
                    "Window "
                            + task.window
                            + ": the connection broke in the body: "
                            + e.getMessage(),
                    e);
        } finally {
            if (!whole && keys != null) {
                keys.close();
            }
        }
    }

    /** Undoes a download that could not be recorded. */
    void discard(WindowTask task, SpooledBody body) {
        spool.delete(body.file());
        task.forgetBody();
    }

    private BodyCounts verify(
            Window window,
            InputStream received,
            boolean gzip,
            Quarantine.Writer badLines,
            BodyKeys keys)
            throws IOException, ExportException {
        InputStream plain = gzip ? new GunzipInputStream(received) : received;
        try (LineReader lines = new LineReader(plain, settings.maxLineSize())) {
            return BodyCheck.check(
                    window,
                    settings.onBadLine(),
                    lines,
                    scanner,
                    (line, reason, bytes) -> badLines.add(bytes),
                    keys == null ? event -> {} : keys);
        }
    }

    /** Keeps a download inside its time and the spool inside its size. */
    private final class Room implements SpoolingInputStream.Room {

        private final WindowTask task;
        private final Instant deadline;

        private Room(WindowTask task, Instant deadline) {
            this.task = task;
            this.deadline = deadline;
        }

        @Override
        public void check() throws ExportException {
            if (clock.instant().isAfter(deadline)) {
                throw new TransientExportException(
                        "Window "
                                + task.window
                                + ": not complete within windowTimeout="
                                + settings.windowTimeout()
                                + ". Choose fewer windowDays or a longer windowTimeout.");
            }
        }

        @Override
        public void make() throws ExportException, IOException {
            boolean mayHelp;
            try {
                mayHelp = board.makeRoom(task);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for room in the spool", e);
            }
            if (!mayHelp) {
                throw new SpoolException(
                        "Window "
                                + task.window
                                + ": its body alone is larger than maxSpoolSize="
                                + settings.maxSpoolSize()
                                + " bytes. Set maxSpoolSize above the largest window, or windowDays lower.");
            }
            if (task.cancelled) {
                throw new IOException("ended to make room in the spool for an older window");
            }
            check();
        }
    }
}
