package com.example;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.MixpanelExportConstants;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Headers;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A folder of Parquet files, {@code day=2026-10-11/g1.parquet}, and the table in which events wait
 * until their window is complete.
 *
 * <p>A batch is in the table as a whole or not at all, and survives a crash. Writing the same
 * events twice leaves the same file: events that it already has are known by their dedupe key.
 */
public class Lake {

    private final Path folder;
    private final ZoneId timeZone;
    private final DuckDBConnection duckdb;
    private final String columns;

    public Lake(String folder, String gathered, String timeZone) throws SQLException, IOException {
        this.folder = Path.of(folder);
        this.timeZone = ZoneId.of(timeZone);
        Files.createDirectories(Path.of(gathered).toAbsolutePath().getParent());
        duckdb = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + gathered);
        try (Statement sql = duckdb.createStatement();
                InputStream file = Lake.class.getResourceAsStream("/columns.sql")) {
            columns = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            sql.execute("set memory_limit = '1GB'"); // what does not fit goes to disk
            sql.execute("set preserve_insertion_order = false");
            // the table lives for minutes: compressing it would take longer than everything else
            sql.execute("set force_compression = 'uncompressed'");
            sql.execute(
                    """
                    create table if not exists gathered (
                      day date, generation int, dedupe_key text, event text, distinct_id text,
                      time timestamptz, body text)""");
        }
        duckdb.setAutoCommit(false);
    }

    /** Adds a batch to the table, in one transaction. */
    public synchronized void gather(
            @Body List<MixpanelEvent> batch, @Headers Map<String, Object> headers)
            throws SQLException, IOException {
        LocalDate first = day(headers.get(MixpanelExportConstants.FROM_DATE));
        LocalDate last = day(headers.get(MixpanelExportConstants.TO_DATE));
        Number generation = (Number) headers.get(MixpanelExportConstants.GENERATION);
        try (DuckDBAppender rows = duckdb.createAppender("gathered")) {
            for (MixpanelEvent event : batch) {
                Instant time = event.getTime();
                rows.beginRow()
                        .append(dayOf(time, first, last))
                        .append(generation.intValue())
                        .append(event.getDedupeKey())
                        .append(event.getEvent())
                        .append(event.getDistinctId())
                        .append(time == null ? null : time.atOffset(ZoneOffset.UTC))
                        .append(json(event))
                        .endRow();
            }
        } catch (SQLException | IOException | RuntimeException e) {
            duckdb.rollback();
            throw e;
        }
        duckdb.commit();
    }

    /** The day to which the component counts the event: one of its window. */
    private LocalDate dayOf(Instant time, LocalDate first, LocalDate last) {
        LocalDate day = time == null ? first : LocalDate.ofInstant(time, timeZone);
        return day.isBefore(first) ? first : day.isAfter(last) ? last : day;
    }

    private static LocalDate day(Object header) {
        return LocalDate.parse(header.toString());
    }

    /** As Mixpanel sent it, but for control characters that JSON does not allow. */
    private static String json(MixpanelEvent event) throws IOException {
        String json = event.toString();
        return json.chars().anyMatch(c -> c < ' ') ? event.toTree().toString() : json;
    }

    /** Moves everything from the table to the files of its days. */
    public synchronized void write() throws SQLException, IOException {
        try (Statement sql = duckdb.createStatement();
                Statement write = duckdb.createStatement();
                ResultSet parts =
                        sql.executeQuery("select distinct day, generation from gathered")) {
            while (parts.next()) {
                write(write, parts.getString(1), parts.getInt(2));
            }
            sql.execute("delete from gathered");
            duckdb.commit();
            sql.execute("checkpoint");
        } finally {
            duckdb.rollback();
        }
    }

    private void write(Statement sql, String day, int generation) throws SQLException, IOException {
        Path file = folder.resolve("day=" + day).resolve("g" + generation + ".parquet");
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.createDirectories(file.getParent());
        sql.execute(
                """
                create or replace temp view part as select rowid, * from gathered
                where day = '%s' and generation = %d"""
                        .formatted(day, generation));
        // a batch may have come twice, and the file may have some of it already
        sql.execute(
                """
                copy (%s
                  from (select *, case when json_valid(body) then body end as json from part)
                  where rowid in (select min(rowid) from part group by dedupe_key)
                  %s
                ) to '%s' (format parquet, compression zstd)"""
                        .formatted(
                                columns,
                                Files.exists(file) ? "union all by name " + restOf(file) : "",
                                quoted(unfinished)));
        try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            written.force(true); // on disk before the table forgets it
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String restOf(Path file) {
        return "select * from read_parquet('%s', hive_partitioning = false) where dedupe_key not in (select dedupe_key from part)"
                .formatted(quoted(file));
    }

    private static String quoted(Path file) {
        return file.toString().replace("'", "''");
    }
}
