package io.github.camelmixpanel.export.internal.pipeline.download;

import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.failure.IncompleteExportException;
import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.internal.fetch.CutBodyException;
import io.github.camelmixpanel.export.internal.fetch.ExportRequest;
import io.github.camelmixpanel.export.internal.fetch.ExportResponse;
import io.github.camelmixpanel.export.internal.model.SpooledBody;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.pipeline.board.BodyKeys;
import io.github.camelmixpanel.export.internal.pipeline.board.Findings;
import io.github.camelmixpanel.export.internal.pipeline.download.SpoolTee.FailedDownload;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.BodyCheck;
import io.github.camelmixpanel.export.internal.split.BodyCounts;
import io.github.camelmixpanel.export.internal.split.EventTaker;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.TimeZoneCheck;
import io.github.camelmixpanel.export.internal.spool.GzipException;
import io.github.camelmixpanel.export.internal.spool.InflatedBody;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.SpoolWriter;
import io.github.camelmixpanel.export.internal.spool.SpooledFile;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * A window's body is on disk and proven complete when {@link #run} returns; otherwise nothing of it
 * is left.
 *
 * <p>The bytes are spooled as received while they are verified: compression to its last trailer,
 * the transport's end, and the lines in them. Used by several threads at a time.
 *
 * @param newKeys for the keys of one body; gives null with deduplicate=false
 * @param newFindings for what is found in one body
 */
public record Download(
        ExportSettings settings,
        SpooledBodies bodies,
        Supplier<BodyKeys> newKeys,
        Supplier<Findings> newFindings,
        Quarantine quarantine,
        InstantSource clock) {

    /**
     * @param keys of its lines, to be closed by the receiver; null with deduplicate=false
     * @param findings in it, to be closed by the receiver
     * @param times whether they fit the time zone
     */
    public record Result(SpooledBody body, BodyKeys keys, Findings findings, TimeZoneCheck times)
            implements Closeable {

        /** Releases what the receiver does not take. */
        @Override
        public void close() {
            findings.close();
            if (keys != null) {
                keys.close();
            }
        }
    }

    /**
     * @param generation distinguishes the files of this download from others of the window
     * @throws ExportException when the answer is not proven complete, or cannot be kept
     */
    public Result run(Window window, int generation, ExportRequest request, DownloadGuard guard)
            throws ExportException {
        return run(window, generation, request, guard, settings.downloads().windowTimeout(), null);
    }

    /**
     * The same in another time than {@code windowTimeout}.
     *
     * @param also receives the events while they are verified, even if the body then fails; or null
     */
    public Result run(
            Window window,
            int generation,
            ExportRequest request,
            DownloadGuard guard,
            Duration timeout,
            EventTaker also)
            throws ExportException {
        BodyKeys keys = newKeys.get();
        Findings findings = newFindings.get();
        TimeZoneCheck times = new TimeZoneCheck(settings.timeZone());
        boolean whole = false;
        try (ExportResponse response = request.send(clock, timeout);
                SpoolWriter writer = SpoolWriter.create(bodies.spool(), window, generation);
                Quarantine.Writer badLines = quarantine.create(window, generation)) {
            SpoolTee tee = new SpoolTee(response.body(), writer, timed(request, guard));
            boolean gzip = response.gzip();
            BodyCheck.EarlierAnswers earlier = () -> badLines.isRepeated(fingerprint(writer, gzip));
            BodyCounts counts =
                    verify(
                            window,
                            tee,
                            gzip,
                            findings,
                            badLines,
                            earlier,
                            both(both(times, keys), also));
            badLines.finish();
            SpooledFile file = writer.finish(gzip);
            whole = true;
            return new Result(
                    new SpooledBody(
                            file.file(),
                            gzip,
                            file.bytes(),
                            file.sha256(),
                            counts.lines(),
                            counts.events(),
                            counts.badLines(),
                            counts.otherEvents()),
                    keys,
                    findings,
                    times);
        } catch (FailedDownload e) {
            throw e.failure();
        } catch (IncompleteExportException e) {
            throw masked(request, e);
        } catch (IOException e) {
            request.requireInTime();
            throw brokenBody(window, request, e);
        } finally {
            if (!whole) {
                findings.close();
                if (keys != null) {
                    keys.close();
                }
            }
        }
    }

    /** The body may repeat the request, as error pages do. */
    private static IncompleteExportException masked(
            ExportRequest request, IncompleteExportException e) {
        String text = request.masked(e.getMessage());
        return text.equals(e.getMessage()) ? e : new IncompleteExportException(text);
    }

    /** A broken chunk line may repeat the request too. */
    private static ExportException brokenBody(Window window, ExportRequest request, IOException e) {
        String found = request.masked(String.valueOf(e.getMessage()));
        IOException cause = request.unlessSecret(e);
        if (e instanceof CutBodyException || e instanceof GzipException) {
            return new IncompleteExportException(
                    "Window %s: the body is damaged or ends early: %s. It will be queried again."
                            .formatted(window, found),
                    cause);
        }
        if (e instanceof SocketTimeoutException) {
            return new TransientExportException(
                    """
                    Window %s: no byte came for longer than responseTimeout. The same query may \
                    succeed later; set responseTimeout higher if this happens again."""
                            .formatted(window),
                    cause);
        }
        return new TransientExportException(
                "Window %s: the connection broke in the body: %s. The same query may succeed later."
                        .formatted(window, found),
                cause);
    }

    private static EventTaker both(EventTaker one, EventTaker otherOrNull) {
        if (otherOrNull == null) {
            return one;
        }
        return event -> {
            one.take(event);
            otherOrNull.take(event);
        };
    }

    private BodyCounts verify(
            Window window,
            SpoolTee tee,
            boolean gzip,
            Findings findings,
            Quarantine.Writer badLines,
            BodyCheck.EarlierAnswers earlier,
            EventTaker taker)
            throws IOException, ExportException {
        try (LineReader lines = bodies.lines(tee.spooled(), gzip, findings.inflated())) {
            return BodyCheck.check(
                    window,
                    settings.emission().onBadLine(),
                    lines,
                    bodies.scanner(),
                    findings.offsets(),
                    (line, reason, bytes) -> badLines.add(bytes),
                    earlier,
                    taker);
        }
    }

    private long fingerprint(SpoolWriter body, boolean gzip) throws IOException {
        try (LineReader lines = bodies.lines(body.written(), gzip, InflatedBody.NONE)) {
            return BodyCheck.fingerprint(lines);
        }
    }

    /** The same guard, which ends a download that has lasted too long. */
    private static DownloadGuard timed(ExportRequest request, DownloadGuard guard) {
        return new DownloadGuard() {
            @Override
            public void received(int bytes) throws ExportException {
                guard.received(bytes);
                request.requireInTime();
            }

            @Override
            public void makeRoom() throws ExportException, IOException {
                guard.makeRoom();
                request.requireInTime();
            }
        };
    }
}
