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
import io.github.camelmixpanel.export.internal.pipeline.download.SpoolingInputStream.ExportStreamException;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.split.BodyCheck;
import io.github.camelmixpanel.export.internal.split.BodyCounts;
import io.github.camelmixpanel.export.internal.split.EventTaker;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.internal.split.TimeZoneCheck;
import io.github.camelmixpanel.export.internal.split.scan.BodyOffsets;
import io.github.camelmixpanel.export.internal.split.scan.EventScanner;
import io.github.camelmixpanel.export.internal.spool.GunzipInputStream;
import io.github.camelmixpanel.export.internal.spool.GzipException;
import io.github.camelmixpanel.export.internal.spool.Quarantine;
import io.github.camelmixpanel.export.internal.spool.Spool;
import io.github.camelmixpanel.export.internal.spool.SpoolWriter;
import io.github.camelmixpanel.export.internal.spool.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A window's body is on disk and proven complete when {@link #run} returns; otherwise nothing of it
 * is left.
 *
 * <p>The bytes are spooled as received while they are verified: compression to its last trailer,
 * the transport's end, and the lines in them. Used by several threads at a time.
 */
public final class Download {

    private final ExportSettings settings;
    private final Spool spool;
    private final EventScanner scanner;
    private final Optional<Supplier<BodyKeys>> newKeys;
    private final Supplier<BodyOffsets> newPlaces;
    private final Quarantine quarantine;
    private final InstantSource clock;

    /**
     * @param keys of its lines, to be closed by the receiver; null with deduplicate=false
     * @param places of the fields in it, to be closed by the receiver
     * @param times whether they fit the time zone
     */
    public record Result(
            SpooledBody body, BodyKeys keys, BodyOffsets places, TimeZoneCheck times) {}

    /** Told of each block, and asked when the spool is full. */
    @FunctionalInterface
    public interface Space {

        /** Returns when there may be room for one more block, or throws when there will not be. */
        void make() throws ExportException, IOException;

        /** A block has come, full spool or not. */
        default void received(int bytes) {}
    }

    /**
     * @param newKeys for the keys of one body; empty with deduplicate=false
     * @param newPlaces for the places of fields in one body
     */
    public Download(
            ExportSettings settings,
            Spool spool,
            EventScanner scanner,
            Optional<Supplier<BodyKeys>> newKeys,
            Supplier<BodyOffsets> newPlaces,
            Quarantine quarantine,
            InstantSource clock) {
        this.settings = settings;
        this.spool = spool;
        this.scanner = scanner;
        this.newKeys = newKeys;
        this.newPlaces = newPlaces;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /**
     * @param generation tells the files of this download from those of others of the window
     * @throws ExportException when the answer is not proven complete, or cannot be kept
     */
    public Result run(Window window, int generation, ExportRequest request, Space space)
            throws ExportException {
        return run(window, generation, request, space, settings.windowTimeout());
    }

    /** The same in another time than {@code windowTimeout}. */
    public Result run(
            Window window, int generation, ExportRequest request, Space space, Duration timeout)
            throws ExportException {
        BodyKeys keys = newKeys.map(Supplier::get).orElse(null);
        BodyOffsets places = newPlaces.get();
        TimeZoneCheck times = new TimeZoneCheck(settings.timeZone());
        boolean whole = false;
        try (ExportResponse response = request.send(clock, timeout);
                SpoolWriter writer = spool.create(window, generation);
                Quarantine.Writer badLines = quarantine.create(window, generation)) {
            InputStream received =
                    new SpoolingInputStream(response.body(), writer, new Room(request, space));
            boolean gzip = response.gzip();
            BodyCounts counts =
                    verify(window, received, gzip, places, badLines, taker(times, keys));
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
                    places,
                    times);
        } catch (ExportStreamException e) {
            throw e.failure();
        } catch (IOException e) {
            request.requireInTime();
            throw brokenBody(window, e);
        } finally {
            if (!whole) {
                places.close();
                if (keys != null) {
                    keys.close();
                }
            }
        }
    }

    private static ExportException brokenBody(Window window, IOException e) {
        if (e instanceof CutBodyException || e instanceof GzipException) {
            return new IncompleteExportException(
                    "Window "
                            + window
                            + ": the body is damaged or ends early: "
                            + e.getMessage()
                            + ". It will be asked for again.",
                    e);
        }
        if (e instanceof SocketTimeoutException) {
            return new TransientExportException(
                    "Window "
                            + window
                            + ": no byte came for longer than"
                            + " responseTimeout. The same query may succeed later; set"
                            + " responseTimeout higher if it goes on.",
                    e);
        }
        return new TransientExportException(
                "Window "
                        + window
                        + ": the connection broke in the body: "
                        + e.getMessage()
                        + ". The same query may succeed later.",
                e);
    }

    private static EventTaker taker(TimeZoneCheck times, BodyKeys keys) {
        if (keys == null) {
            return times;
        }
        return event -> {
            times.take(event);
            keys.take(event);
        };
    }

    private BodyCounts verify(
            Window window,
            InputStream received,
            boolean gzip,
            BodyOffsets places,
            Quarantine.Writer badLines,
            EventTaker taker)
            throws IOException, ExportException {
        InputStream plain = gzip ? new GunzipInputStream(received) : received;
        try (LineReader lines = new LineReader(plain, settings.maxLineSize())) {
            return BodyCheck.check(
                    window,
                    settings.onBadLine(),
                    lines,
                    scanner,
                    places,
                    (line, reason, bytes) -> badLines.add(bytes),
                    taker);
        }
    }

    /** Keeps a download inside its time and the spool inside its size. */
    private record Room(ExportRequest request, Space space) implements SpoolingInputStream.Room {

        @Override
        public void received(int bytes) throws ExportException {
            space.received(bytes);
            request.requireInTime();
        }

        @Override
        public void make() throws ExportException, IOException {
            space.make();
            request.requireInTime();
        }
    }
}
