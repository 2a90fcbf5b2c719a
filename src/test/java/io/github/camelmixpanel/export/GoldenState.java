package io.github.camelmixpanel.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * State directories of exports that were killed, with all that is durable of a window between them.
 *
 * <p>{@link GoldenStateWritingTest} says how each came about. {@code state} is the directory
 * without its lock, {@code taken.txt} has the ids of the events that the route took before, in
 * order, and {@code rewritten.jsonl} is the ledger as the next program writes it in one piece.
 *
 * <p>Neither the fingerprint nor the name of a query log has the port of {@code baseUrl}, so that
 * any simulator on 127.0.0.1 will do.
 */
enum GoldenState {
    /**
     * Days that are final, one with a quarantined line, one with a notice owed; one with a parked
     * event; one parked as a whole; committed ones that are not final; one half emitted, one
     * spooled, two planned; and a first day that was a period.
     */
    DAYS(
            "2026-10-20T12:00:00Z",
            "fromDate=P10D",
            "lateEvents=LOOKBACK",
            "onFailure=PARK",
            "windowComplete=true"),

    /** A replay half emitted, a repair and another replay that nothing was asked for as yet. */
    AGAIN("2026-10-20T12:00:00Z", "fromDate=2026-10-01", "toDate=2026-10-04"),

    /** Arrival queries: one committed, one half emitted. */
    ARRIVALS("2026-10-20T12:30:00Z", "fromDate=2026-10-19", "lateEvents=ARRIVAL"),

    /** Tasks: one that ended in a commit, one that failed and was replaced, one without outcome. */
    TASKS(
            "2026-10-20T12:00:00Z",
            "fromDate=2026-10-05",
            "toDate=2026-10-07",
            "emit=WINDOWS",
            "maxConcurrentWindows=2",
            "taskStartTimeout=1m",
            "taskTimeout=6h"),

    /**
     * Days that are due again as the query is another, keys that are gone, a body that was lost.
     */
    REOPENED(
            "2026-10-20T12:00:00Z",
            "fromDate=2026-08-01",
            "toDate=2026-08-02",
            "lateEvents=ARRIVAL",
            "arrivalDays=2",
            "onQueryChange=REEXPORT",
            "where=RAW(properties[\"$insert_id\"] != \"none\")"),

    /** Windows of several days: some committed, one with a notice owed, one half emitted. */
    WINDOWS(
            "2026-10-20T12:00:00Z",
            "fromDate=2026-09-10",
            "toDate=2026-10-09",
            "windowDays=auto",
            "windowComplete=true"),

    /** As {@link #WINDOWS}, from when a commit counted the events of its window alone. */
    UNCOUNTED(
            "2026-10-20T12:00:00Z",
            "fromDate=2026-09-10",
            "toDate=2026-10-09",
            "windowDays=auto",
            "windowComplete=true"),

    /**
     * Ledger and key files of format version 1: as {@link #DAYS}, with nothing parked, and three
     * days to export again.
     */
    VERSION1("2026-10-20T12:00:00Z", "fromDate=P10D", "lateEvents=LOOKBACK", "windowComplete=true"),

    /** Ledger of format version 3, key files of version 2: as {@link #DAYS}. */
    VERSION3(
            "2026-10-20T12:00:00Z",
            "fromDate=P10D",
            "lateEvents=LOOKBACK",
            "onFailure=PARK",
            "windowComplete=true"),

    /** Ledger of format version 2: as {@link #DAYS}, with three days to export again. */
    VERSION2(
            "2026-10-20T12:00:00Z",
            "fromDate=P10D",
            "lateEvents=LOOKBACK",
            "onFailure=PARK",
            "windowComplete=true");

    private static final Path ALL = Path.of("src/test/resources/golden");

    /** When it was written, or a few seconds earlier. */
    final Instant at;

    private final List<String> options;

    GoldenState(String at, String... options) {
        this.at = Instant.parse(at);
        this.options = List.of(options);
    }

    /** Of its endpoint. */
    List<String> options() {
        return options;
    }

    Path folder() {
        return ALL.resolve(name().toLowerCase(Locale.ROOT));
    }

    Path state() {
        return folder().resolve("state");
    }

    Path rewritten() {
        return folder().resolve("rewritten.jsonl");
    }

    List<String> taken() throws IOException {
        return Files.readAllLines(folder().resolve("taken.txt"));
    }
}
