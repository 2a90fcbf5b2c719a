package io.github.camelmixpanel.export.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A Mixpanel raw event export API on loopback that answers like the real one, counts its limits
 * itself, and breaks answers on demand.
 *
 * <p>{@code GET /api/2.0/export} takes every documented parameter and answers 200 with one event a
 * line, in another order each time, or an error. A body above 1400 bytes is compressed if the
 * client asks for gzip. All events are kept in memory; a body can be up to 2 GB.
 *
 * <p>Thread-safe. Every thread it starts is a daemon named {@code mixpanel-simulator-…}.
 */
public final class MixpanelSimulator implements AutoCloseable {

    private final EventStore store = new EventStore();
    private final ZoneId timeZone;
    private final Script script = new Script();
    private final AcceptedCredentials credentials;
    private final ProjectLimits limits;
    private final boolean countsRefused;
    private final Listener listener;
    private volatile Journal journal;

    private MixpanelSimulator(Builder builder) {
        timeZone = builder.timeZone;
        credentials = builder.credentials;
        limits = builder.limits;
        countsRefused = builder.countsRefused;
        journal = new Journal(limits, countsRefused);
        Supplier<Journal> newestJournal = () -> journal;
        QueryHandler handler =
                new QueryHandler(
                        newestJournal,
                        script,
                        credentials,
                        new ExportService(
                                store,
                                builder.clock,
                                builder.timeZone,
                                builder.lateArrival,
                                builder.lines()),
                        builder.clock,
                        builder.chunked ? Framing.CHUNKED : Framing.LENGTH,
                        builder.reusable);
        listener = new Listener(builder.port, handler::serve).start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** For example {@code http://127.0.0.1:34567}: scheme, host and port, no slash at the end. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return listener.port();
    }

    /**
     * Adds the events of every file named {@code YYYY-MM-DD.jsonl} or {@code YYYY-MM-DD.jsonl.gz}
     * to that day; other files are left alone.
     *
     * @throws java.io.UncheckedIOException if the folder cannot be read
     */
    public MixpanelSimulator addFolder(Path folder) {
        store.addFolder(folder);
        return this;
    }

    /** Adds lines to a day, served byte for byte, whether they are events or not. */
    public MixpanelSimulator addDay(LocalDate day, byte[] jsonl) {
        store.addDay(day, jsonl);
        return this;
    }

    /**
     * Adds events, each to the UTC calendar day of its raw {@code time}: seconds, milliseconds,
     * fractions, a number in a string or ISO text.
     *
     * @throws IllegalArgumentException if a line is no JSON object with {@code properties.time}
     */
    public MixpanelSimulator addEvents(String... jsonLines) {
        for (String line : jsonLines) {
            store.addEvent(line);
        }
        return this;
    }

    /** Adds events with a history, each to its day in the project's zone. */
    public MixpanelSimulator add(SimulatedEvent... events) {
        for (SimulatedEvent event : events) {
            store.add(event.day(timeZone), event);
        }
        return this;
    }

    /** Forgets a day's events, for a day that shrinks or changes between two exports. */
    public MixpanelSimulator removeDay(LocalDate day) {
        store.removeDay(day);
        return this;
    }

    /** The next queries get these answers, in order; then service is normal again. */
    public MixpanelSimulator answer(Answer... answers) {
        script.add(List.of(answers));
        return this;
    }

    /**
     * The next queries from this first day get these answers, in order; answers for any query come
     * after them.
     */
    public MixpanelSimulator answer(LocalDate fromDate, Answer... answers) {
        script.add(fromDate, List.of(answers));
        return this;
    }

    /** From now on refuses every credential (401), as after an expiry. */
    public MixpanelSimulator refuseCredentials() {
        credentials.refuse(true);
        return this;
    }

    /** From now on accepts the configured credentials again; all, if none are. */
    public MixpanelSimulator acceptCredentials() {
        credentials.refuse(false);
        return this;
    }

    /** From now on accepts this service account too. */
    public MixpanelSimulator acceptServiceAccount(String user, String secret, String projectId) {
        credentials.serviceAccount(user, secret, projectId);
        return this;
    }

    /** From now on accepts this project secret too. */
    public MixpanelSimulator acceptProjectSecret(String secret) {
        credentials.projectSecret(secret);
        return this;
    }

    /** Every query received, in order, with what is known of its answer now. */
    public List<Query> queries() {
        return journal.queries();
    }

    /** How many queries were answered 429 because of a limit. */
    public int refused() {
        return journal.refused();
    }

    /** The largest number of queries received for a project in any rolling hour. */
    public int mostQueriesInAnyHour() {
        return journal.mostWithin(ProjectLimits.HOUR);
    }

    /** The largest number of queries received for a project in any rolling second. */
    public int mostQueriesInAnySecond() {
        return journal.mostWithin(ProjectLimits.SECOND);
    }

    /** The largest number of queries for a project received and not yet answered at one time. */
    public int mostConcurrentQueries() {
        return journal.mostUnderWay();
    }

    /**
     * Holds if the client kept every limit at every time.
     *
     * @throws AssertionError naming each limit broken, and by how much
     */
    public void assertLimitsHeld() {
        List<String> broken = journal.broken();
        if (!broken.isEmpty()) {
            throw new AssertionError("Mixpanel's limits were broken: " + String.join("; ", broken));
        }
    }

    /** Every byte sent since the start: heads, bodies and chunk headers. */
    public long bytesSent() {
        return listener.bytesSent();
    }

    /**
     * Forgets queries, counts and scripted answers, accepts the configured credentials again, and
     * ends every answer still under way, so that it does not reach a later test. Events stay.
     */
    public void reset() {
        script.clear();
        credentials.refuse(false);
        listener.dropBusyConnections();
        journal = new Journal(limits, countsRefused);
    }

    /** Stops listening and ends every connection, hanging ones too. */
    @Override
    public void close() {
        listener.close();
    }

    Map<LocalDate, List<Block>> events() {
        return store.snapshot();
    }

    void restoreEvents(Map<LocalDate, List<Block>> events) {
        store.restore(events);
    }

    /** Settings of a simulator; one thread. */
    public static final class Builder {

        private final AcceptedCredentials credentials = new AcceptedCredentials();
        private int port;
        private InstantSource clock = InstantSource.system();
        private ZoneId timeZone = ZoneOffset.UTC;
        private ProjectLimits limits = ProjectLimits.DOCUMENTED;
        private boolean chunked = true;
        private boolean reusable;
        private boolean countsRefused;
        private boolean lateArrival;
        private AnswerLines order = AnswerLines.shuffled(0);
        private long seed;
        private boolean membersShuffled;
        private double missing;
        private Duration missingFor = Duration.ZERO;

        private Builder() {}

        /** The port to listen on; 0, the default, takes a free one. */
        public Builder port(int wanted) {
            port = wanted;
            return this;
        }

        /** Tells the time for the limits, today and late arrival; default: the system's clock. */
        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /**
         * The project's zone, which decides what day is today; default UTC. In a project with
         * another zone, raw {@code time} is local wall-clock time written as if it were UTC
         * (documented for projects created before 2023), so an event's day is the UTC calendar day
         * of its raw {@code time} whatever the zone.
         */
        public Builder timeZone(ZoneId zone) {
            timeZone = zone;
            return this;
        }

        /**
         * Accepts this service account with this {@code project_id}; several with several calls.
         */
        public Builder serviceAccount(String user, String secret, String projectId) {
            credentials.serviceAccount(user, secret, projectId);
            return this;
        }

        /** Accepts this project secret. */
        public Builder projectSecret(String secret) {
            credentials.projectSecret(secret);
            return this;
        }

        /** Accepts this bearer token. */
        public Builder accessToken(String token) {
            credentials.accessToken(token);
            return this;
        }

        /** The status that answers other credentials: 401, the default, or 400 (both observed). */
        public Builder badCredentials(int status) {
            credentials.answerBadOnes(status);
            return this;
        }

        /**
         * Whether a query that a limit refuses counts towards it, so that a client that does not
         * wait stays refused; default false (which of them is right is not known).
         */
        public Builder countRefused(boolean count) {
            countsRefused = count;
            return this;
        }

        /** Queries of each project in a rolling hour, a rolling second and at once; 60, 3, 100. */
        public Builder limits(int perHour, int perSecond, int concurrent) {
            limits = new ProjectLimits(perHour, perSecond, concurrent);
            return this;
        }

        /** Whether bodies are sent in chunks, the default, or with their length. */
        public Builder chunked(boolean inChunks) {
            chunked = inChunks;
            return this;
        }

        /**
         * Whether a connection takes a second query; by default that one is neither answered nor
         * counted, as on a connection that a proxy or NAT gateway has dropped meanwhile.
         */
        public Builder reusableConnections(boolean reuse) {
            reusable = reuse;
            return this;
        }

        /**
         * Whether a line is served only once the clock has reached its {@code
         * mp_processing_time_ms}; default false. A {@link SimulatedEvent} always arrives in time.
         */
        public Builder lateArrival(boolean late) {
            lateArrival = late;
            return this;
        }

        /**
         * Serves the lines of each answer in another order, always the same for the same seed and
         * time; by default with the seed 0. Mixpanel promises no order.
         */
        public Builder shuffled(long seed) {
            this.seed = seed;
            order = AnswerLines.shuffled(seed);
            return this;
        }

        /**
         * Serves the lines of each answer in the order in which they were added, kinder than
         * Mixpanel.
         */
        public Builder inOrder() {
            order = AnswerLines.AS_ADDED;
            return this;
        }

        /**
         * Serves each event with its members, and those of its {@code properties}, in another order
         * each time; names and values stay byte for byte. Mixpanel promises no order.
         */
        public Builder shuffledProperties() {
            membersShuffled = true;
            return this;
        }

        /**
         * Leaves this share of the rows out of each answer, others each time, as if shards
         * disagreed about what they have (that they do is assumed).
         *
         * @param share from 0 to 1
         * @param younger only of events whose raw {@code time} is less than this ago
         */
        public Builder missingRows(double share, Duration younger) {
            missing = share;
            missingFor = younger;
            return this;
        }

        private AnswerLines lines() {
            AnswerLines lines = missing > 0 ? order.without(missing, missingFor, seed) : order;
            return membersShuffled ? lines.withMembersShuffled(seed) : lines;
        }

        public MixpanelSimulator start() {
            return new MixpanelSimulator(this);
        }
    }
}
