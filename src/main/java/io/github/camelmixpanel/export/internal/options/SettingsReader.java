package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import io.github.camelmixpanel.export.failure.InvalidOptionException;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.settings.LateEventSettings;
import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.internal.settings.TaskSettings;
import io.github.camelmixpanel.export.option.LateEvents;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Turns the options of an endpoint into settings that are complete and right, or refuses them. An
 * empty text counts as not given. Immutable and thread-safe.
 *
 * @param warnings receives what works but should be known
 */
public record SettingsReader(Consumer<String> warnings) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern DAYS = Pattern.compile("[0-9]{1,9}");

    /**
     * @param name of the endpoint
     * @throws IllegalArgumentException when an option is missing or wrong; the message names it,
     *     what it is and what is allowed, and holds no secret
     */
    public ExportSettings read(String name, MixpanelExportConfiguration options) {
        checkTransport(options);
        required("onStateInUse", options.getOnStateInUse());
        Limits limits =
                new Limits(
                        Bounds.number("queriesPerHour", options.getQueriesPerHour()),
                        Bounds.number("queriesPerSecond", options.getQueriesPerSecond()),
                        Bounds.number("maxConcurrentQueries", options.getMaxConcurrentQueries()));
        return new ExportSettings(
                checkedName(name),
                new ExportSettings.Source(
                        BaseUrlReader.read(
                                options.getRegion(), OptionText.given(options.getBaseUrl())),
                        new CredentialsReader(warnings).read(options),
                        query(options)),
                new ExportSettings.Windows(
                        DateRangeReader.read(
                                OptionText.given(options.getFromDate()),
                                OptionText.given(options.getToDate())),
                        windowDays(options),
                        size("windowSize", options.getWindowSize(), 1, 1L << 40, "1 byte to 1 TB"),
                        timeZone(options),
                        required("backfillOrder", options.getBackfillOrder()),
                        lateEvents(options)),
                new ExportSettings.Dedupe(
                        options.isDeduplicate(), required("dedupeKey", options.getDedupeKey())),
                new ExportSettings.Downloads(
                        concurrentWindows(options, limits),
                        limits,
                        Bounds.time("onDemandTimeout", options.getOnDemandTimeout()),
                        Bounds.number("maxRetries", options.getMaxRetries()),
                        Bounds.time("retryDelay", options.getRetryDelay()),
                        Bounds.time("windowTimeout", options.getWindowTimeout())),
                tasks(options),
                emission(options),
                state(options));
    }

    private static ExportSettings.Emission emission(MixpanelExportConfiguration options) {
        return new ExportSettings.Emission(
                Bounds.number("maxInFlight", options.getMaxInFlight()),
                Bounds.number("batchSize", options.getBatchSize()),
                Bounds.number("maxMessagesPerPoll", options.getMaxMessagesPerPoll()),
                options.isWindowComplete(),
                required("onBadLine", options.getOnBadLine()),
                required("onFailure", options.getOnFailure()),
                Bounds.number("maxRedeliveries", options.getMaxRedeliveries()),
                (int) size("maxLineSize", options.getMaxLineSize(), 1, 1L << 30, "1 byte to 1 GB"));
    }

    private static ExportSettings.State state(MixpanelExportConfiguration options) {
        return new ExportSettings.State(
                required("onQueryChange", options.getOnQueryChange()),
                stateDirectory(options),
                size("maxSpoolSize", options.getMaxSpoolSize(), 1, 1L << 50, "1 byte to 1024 TB"),
                size("maxInMemorySize", options.getMaxInMemorySize(), 0, 1L << 40, "0 to 1 TB"),
                options.getDataSource());
    }

    private static String checkedName(String name) {
        // the name is that of a directory
        if (name == null
                || !NAME.matcher(name).matches()
                || name.equals(".")
                || name.equals("..")) {
            throw InvalidOptionException.hidingValues(
                    "The name in mixpanel-export:name is '"
                            + name
                            + "'; allowed are letters, digits, dots, underscores and hyphens, and not dots alone");
        }
        return name;
    }

    private static void checkTransport(MixpanelExportConfiguration options) {
        Bounds.time("connectTimeout", options.getConnectTimeout());
        Bounds.time("responseTimeout", options.getResponseTimeout());
        Integer port = options.getProxyPort();
        if (port != null) {
            Bounds.check("proxyPort", port);
        }
        choice("proxyAuthMethod", options.getProxyAuthMethod(), "Basic", "Digest", "NTLM");
        choice("proxyAuthScheme", options.getProxyAuthScheme(), "http", "https");
        if ((OptionText.given(options.getProxyHost()) == null) != (port == null)) {
            throw InvalidOptionException.hidingValues(
                    "Option "
                            + (port == null ? "proxyPort" : "proxyHost")
                            + " is missing; a proxy needs both proxyHost and proxyPort");
        }
    }

    private static void choice(String option, String value, Object... allowed) {
        if (OptionText.given(value) != null) {
            TypedOptions.requireOneOf(option, value, allowed);
        }
    }

    private ExportQuery query(MixpanelExportConfiguration options) {
        String where = OptionText.given(options.getWhere());
        if (where != null && where.chars().anyMatch(Character::isISOControl)) {
            throw InvalidOptionException.hidingValues(
                    "Option where holds a control character, such as a line end; write the expression on one line");
        }
        Integer limit = options.getLimit();
        if (limit != null) {
            Bounds.check("limit", limit);
            warnings.accept(
                    "Option limit is "
                            + limit
                            + ": each window is a sample of at most so many events,"
                            + " not the whole; leave limit out to export everything");
        }
        return new ExportQuery(
                EventNames.parse(OptionText.given(options.getEvents())),
                where,
                limit,
                options.isTimeInMs(),
                options.isRestoreHotShards());
    }

    private static TaskSettings tasks(MixpanelExportConfiguration options) {
        TaskSettings tasks =
                new TaskSettings(
                        required("emit", options.getEmit()),
                        Bounds.time("taskStartTimeout", options.getTaskStartTimeout()),
                        Bounds.time("taskTimeout", options.getTaskTimeout()));
        if (tasks.emitsWindows() && options.getBatchSize() > 1) {
            throw new InvalidOptionException(
                    "batchSize",
                    options.getBatchSize(),
                    "1 with emit=WINDOWS, where a message is a task");
        }
        return tasks;
    }

    private static LateEventSettings lateEvents(MixpanelExportConfiguration options) {
        LateEvents mode = required("lateEvents", options.getLateEvents());
        if (mode == LateEvents.ARRIVAL && !options.isDeduplicate()) {
            throw InvalidOptionException.hidingValues(
                    "Option deduplicate is false with lateEvents=ARRIVAL: its queries overlap by two"
                            + " hours, so that each event would come many times. Set deduplicate=true,"
                            + " or lateEvents=LOOKBACK or NONE");
        }
        return new LateEventSettings(
                mode,
                Bounds.number("lookbackDays", options.getLookbackDays()),
                Bounds.time("todayInterval", options.getTodayInterval()),
                Bounds.time("revisitInterval", options.getRevisitInterval()),
                Bounds.number("arrivalDays", options.getArrivalDays()));
    }

    private static ZoneId timeZone(MixpanelExportConfiguration options) {
        String zone = text("timeZone", options.getTimeZone());
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new InvalidOptionException(
                    "timeZone", zone, "a time zone such as UTC or Europe/Berlin");
        }
    }

    /** 0 for auto. */
    private static int windowDays(MixpanelExportConfiguration options) {
        String days = text("windowDays", options.getWindowDays());
        if (days.equalsIgnoreCase("auto")) {
            return 0;
        }
        if (!DAYS.matcher(days).matches()) {
            throw new InvalidOptionException("windowDays", days, "auto, or a number of days");
        }
        return Bounds.number("windowDays", Integer.parseInt(days));
    }

    private static int concurrentWindows(MixpanelExportConfiguration options, Limits limits) {
        int windows = Bounds.number("maxConcurrentWindows", options.getMaxConcurrentWindows());
        if (windows > limits.maxConcurrentQueries()) {
            throw new InvalidOptionException(
                    "maxConcurrentWindows",
                    windows,
                    "at most maxConcurrentQueries, which is " + limits.maxConcurrentQueries());
        }
        return windows;
    }

    private static Path stateDirectory(MixpanelExportConfiguration options) {
        String directory = text("stateDirectory", options.getStateDirectory());
        try {
            return Path.of(directory).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new InvalidOptionException(
                    "stateDirectory", directory, "the path of a directory");
        }
    }

    private static long size(String option, String value, long min, long max, String bounds) {
        return ByteSize.parse(option, text(option, value), min, max, bounds);
    }

    private static String text(String option, String value) {
        return required(option, OptionText.given(value));
    }

    private static <T> T required(String option, T value) {
        if (value == null) {
            throw InvalidOptionException.hidingValues(
                    "Option " + option + " is empty; leave it out for its default");
        }
        return value;
    }
}
