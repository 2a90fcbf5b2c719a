package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.options.SettingsReader;
import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.option.Emit;
import io.github.camelmixpanel.export.option.LateEvents;
import io.github.camelmixpanel.export.option.OnBadLine;
import io.github.camelmixpanel.export.option.OnFailure;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.option.OnStateInUse;
import io.github.camelmixpanel.export.option.Operation;
import io.github.camelmixpanel.export.option.Reexport;
import io.github.camelmixpanel.export.option.Region;
import javax.sql.DataSource;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * The options of an export as a user gives them, unchecked; {@link SettingsReader} checks them. The
 * descriptions here are the only source of the option tables. Not thread-safe; each endpoint has a
 * copy.
 */
@UriParams
@Configurer
public class MixpanelExportConfiguration implements Cloneable {

    @UriParam(
            label = "access",
            defaultValue = "US",
            description = "Where Mixpanel keeps the data of the project.")
    private Region region = Region.US;

    @UriParam(
            label = "access,advanced",
            description =
                    "Scheme, host and port to send queries to instead of the region's own, for "
                            + "example https://mixpanel.example.com:8443. Plain http is allowed for loopback "
                            + "hosts only.")
    private String baseUrl;

    @UriParam(
            label = "access",
            description =
                    "The number of the Mixpanel project, which Mixpanel shows under Project Settings. "
                            + "Required, whatever the credential: quota and state belong to it.")
    private String projectId;

    @UriParam(
            label = "security",
            description =
                    "The user name of a Mixpanel service account. Exactly one of serviceAccount, "
                            + "projectSecret and accessToken must be given.")
    private String serviceAccount;

    @UriParam(label = "security", secret = true, description = "The secret of the service account.")
    private String serviceAccountSecret;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "The secret of the project. Mixpanel retires project secrets on 2027-03-03: "
                            + "prefer a service account.")
    private String projectSecret;

    @UriParam(label = "security", secret = true, description = "A bearer token.")
    private String accessToken;

    @UriParam(
            label = "transport",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "The longest time to open a connection.")
    private long connectTimeout = 30_000;

    @UriParam(
            label = "transport",
            defaultValue = "10m",
            javaType = "java.time.Duration",
            description =
                    "The longest silence of Mixpanel: before the first byte, and between two.")
    private long responseTimeout = 600_000;

    @UriParam(
            label = "transport",
            defaultValue = "2h",
            javaType = "java.time.Duration",
            description = "The longest time for the whole download of one window.")
    private long windowTimeout = 7_200_000;

    @UriParam(
            label = "security",
            description = "The trust and key material for TLS. The default is that of the JVM.")
    private SSLContextParameters sslContextParameters;

    @UriParam(label = "proxy", description = "The host of a proxy.")
    private String proxyHost;

    @UriParam(label = "proxy", description = "The port of the proxy. Required with proxyHost.")
    private Integer proxyPort;

    @UriParam(
            label = "proxy",
            description =
                    "Hosts to reach without the proxy: a comma list, in which an asterisk stands for "
                            + "any characters.")
    private String nonProxyHosts;

    @UriParam(
            label = "proxy",
            enums = "http,https",
            description = "The protocol that the proxy itself speaks.")
    private String proxyAuthScheme;

    @UriParam(
            label = "proxy",
            enums = "Basic,Digest,NTLM",
            description = "The authentication scheme of the proxy.")
    private String proxyAuthMethod;

    @UriParam(label = "proxy", secret = true, description = "The user name for the proxy.")
    private String proxyAuthUsername;

    @UriParam(label = "proxy", secret = true, description = "The password for the proxy.")
    private String proxyAuthPassword;

    @UriParam(
            label = "query",
            description =
                    "The names of the events to export: a comma list, or a JSON array if a name "
                            + "contains a comma. The default is all events.")
    private String events;

    @UriParam(
            label = "query",
            description =
                    "An expression in Mixpanel's query language that events must match. The default "
                            + "is all events.")
    private String where;

    @UriParam(
            label = "query",
            description =
                    "The largest number of events per window, 1 to 100000. A window is then a sample, "
                            + "not the whole; the default is all events.")
    private Integer limit;

    @UriParam(
            label = "query",
            description =
                    "Whether to request the time of events in milliseconds instead of seconds.")
    private boolean timeInMs;

    @UriParam(
            label = "windows",
            description =
                    "The first day to export, inclusive, as yyyy-mm-dd, or a period back from the day "
                            + "of the first poll such as P30D, which is resolved once and remembered. The "
                            + "default is the day of the first poll.")
    private String fromDate;

    @UriParam(
            label = "windows",
            description =
                    "The last day to export, inclusive, as yyyy-mm-dd. The default is no end.")
    private String toDate;

    @UriParam(
            label = "consumer,windows",
            defaultValue = "auto",
            description =
                    "How many whole days one query covers: a number, or auto for as many neighbouring "
                            + "days as are expected to bring windowSize. A window of several days that "
                            + "turns out too large is cut in halves.")
    private String windowDays = "auto";

    @UriParam(
            label = "consumer,windows",
            defaultValue = "64MB",
            description =
                    "What windowDays=auto aims at per download, as received and so compressed, in "
                            + "bytes or with a unit such as 500KB or 64MB. A download of several days "
                            + "ends at four times as much, and its days are exported in smaller "
                            + "windows.")
    private String windowSize = "64MB";

    @UriParam(
            label = "windows",
            defaultValue = "UTC",
            description =
                    "The time zone of the Mixpanel project, in which days begin and end. It is UTC "
                            + "for projects created since 2023.")
    private String timeZone = "UTC";

    @UriParam(
            label = "consumer,windows",
            defaultValue = "OLDEST",
            description = "Which past days are exported first.")
    private BackfillOrder backfillOrder = BackfillOrder.OLDEST;

    @UriParam(
            label = "consumer,late events",
            defaultValue = "LOOKBACK",
            description =
                    "How to export events that reach Mixpanel after their day was exported. With "
                            + "LOOKBACK today is exported every todayInterval, a past day every "
                            + "revisitInterval, and once more when its lookbackDays are over; each export emits "
                            + "only new events. With ARRIVAL a day is exported once, and again when its "
                            + "lookbackDays are over; in between, one query per poll asks for what Mixpanel has "
                            + "processed since the last. With NONE a day is exported once, one hour after its "
                            + "end.")
    private LateEvents lateEvents = LateEvents.LOOKBACK;

    @UriParam(
            label = "consumer,late events",
            defaultValue = "5",
            description =
                    "How many days (and one hour) after its end a day is exported for the last time "
                            + "with LOOKBACK and ARRIVAL. Mixpanel accepts events from its SDKs up to 5 days "
                            + "late.")
    private int lookbackDays = 5;

    @UriParam(
            label = "consumer,late events",
            defaultValue = "1h",
            javaType = "java.time.Duration",
            description =
                    "The shortest time between two exports of today with LOOKBACK; an export happens "
                            + "at a poll. With ARRIVAL, the time between two arrival queries in one long poll.")
    private long todayInterval = 3_600_000;

    @UriParam(
            label = "consumer,late events",
            defaultValue = "24h",
            javaType = "java.time.Duration",
            description = "The time between two exports of a past day with LOOKBACK.")
    private long revisitInterval = 86_400_000;

    @UriParam(
            label = "consumer,late events",
            defaultValue = "30",
            description =
                    "How many days back ARRIVAL looks for events. Events imported with an older time "
                            + "are not exported.")
    private int arrivalDays = 30;

    @UriParam(
            label = "duplicates",
            defaultValue = "true",
            description =
                    "Whether to leave out an event that the route has already taken: from the same "
                            + "download, another window or an earlier export of its day.")
    private boolean deduplicate = true;

    @UriParam(
            label = "duplicates",
            defaultValue = "MIXPANEL",
            description =
                    "Which fields identify an event. MIXPANEL compares event, time, distinct_id and "
                            + "insert_id, as Mixpanel does. INSERT_ID leaves out distinct_id, which Mixpanel "
                            + "rewrites when it merges identities, and needs insert ids that are unique across "
                            + "users.")
    private DedupeRecipe dedupeKey = DedupeRecipe.MIXPANEL;

    @UriParam(
            label = "consumer,work",
            defaultValue = "2",
            description =
                    "How many windows are downloaded at the same time; at most maxConcurrentQueries.")
    private int maxConcurrentWindows = 2;

    @UriParam(
            label = "work",
            defaultValue = "60",
            description =
                    "How many queries of the project may start in any 60 minutes. Shared by all "
                            + "endpoints of the project, which must agree on it.")
    private int queriesPerHour = 60;

    @UriParam(
            label = "work",
            defaultValue = "3",
            description =
                    "How many queries of the project may start in any second. Shared by all endpoints "
                            + "of the project, which must agree on it.")
    private int queriesPerSecond = 3;

    @UriParam(
            label = "work",
            defaultValue = "100",
            description =
                    "How many queries of the project may run at the same time. Shared by all "
                            + "endpoints of the project, which must agree on it.")
    private int maxConcurrentQueries = 100;

    @UriParam(
            label = "work",
            defaultValue = "5",
            description =
                    "How often a failed download is retried before its window waits an hour or more.")
    private int maxRetries = 5;

    @UriParam(
            label = "work",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description =
                    "The delay before the first retry. Each further delay is twice as long, up to 15 "
                            + "minutes.")
    private long retryDelay = 30_000;

    @UriParam(
            label = "consumer,work",
            defaultValue = "256",
            description =
                    "How many exchanges the route may hold at the same time before the next one "
                            + "waits. With batchSize, each holds that many events in memory.")
    private int maxInFlight = 256;

    @UriParam(
            label = "consumer,emission",
            defaultValue = "EVENTS",
            description =
                    "What the consumer emits. EVENTS emits each event of the due windows. WINDOWS "
                            + "emits one small JSON task per due window, as the quota allows, for a producer "
                            + "with operation=TASK that makes the one query, on this machine or another; the "
                            + "outcome comes back by operation=COMPLETE. Each generation of a window then "
                            + "contains all of its events, and maxConcurrentWindows limits the tasks that are "
                            + "issued at the same time.")
    private Emit emit = Emit.EVENTS;

    @UriParam(
            label = "consumer,emission",
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description =
                    "With emit=WINDOWS: how long after its issue the query of a task may start, at "
                            + "most 1m. A later start is rejected and the task is issued again. Each task "
                            + "occupies the quota for that much longer, so that three may start in this time "
                            + "plus one second. The clocks of the machines must agree to a second.")
    private long taskStartTimeout = 10_000;

    @UriParam(
            label = "consumer,emission",
            defaultValue = "3h",
            javaType = "java.time.Duration",
            description =
                    "With emit=WINDOWS: how long after its issue a task without an outcome counts as "
                            + "lost and its window is issued again. It must exceed the time of a download and "
                            + "of the route's work on it.")
    private long taskTimeout = 10_800_000;

    @UriParam(
            label = "consumer,emission",
            defaultValue = "1",
            description =
                    "The largest number of events per exchange. Above 1 the body is a List of events, "
                            + "which converts to text, bytes and InputStream as JSONL, and is acknowledged or "
                            + "fails as a whole; the headers of a single event are absent.")
    private int batchSize = 1;

    @UriParam(
            label = "consumer,emission",
            defaultValue = "0",
            description =
                    "The largest number of exchanges per poll; the rest waits for the next poll. 0 "
                            + "means no limit.")
    private int maxMessagesPerPoll = 0;

    @UriParam(
            label = "emission",
            defaultValue = "true",
            description =
                    "Whether an event that Mixpanel has moved to a hot shard, where all are named "
                            + "$hotshard_events, gets its original name back: in the header, and where events "
                            + "are selected by name. Its body stays unchanged.")
    private boolean restoreHotShards = true;

    @UriParam(
            label = "consumer,emission",
            defaultValue = "false",
            description =
                    "Whether one more exchange follows each committed window, with the header "
                            + "CamelMixpanelExportWindowComplete and a summary as its body: from, to, "
                            + "generation, events, emitted, duplicates, known, vanished, rewritten, "
                            + "changed, otherEvents, parked, badLines, bytes, queries, started, took, final. It is "
                            + "delivered at least once.")
    private boolean windowComplete;

    @UriParam(
            label = "trouble",
            defaultValue = "QUARANTINE",
            description =
                    "What happens to a line that is not an event, in a download that is otherwise "
                            + "complete. QUARANTINE sets it aside and emits the others; FAIL emits nothing of "
                            + "its window.")
    private OnBadLine onBadLine = OnBadLine.QUARANTINE;

    @UriParam(
            label = "consumer,trouble",
            defaultValue = "RETRY",
            description =
                    "What happens to an exchange that the route and its error handler leave failed. "
                            + "RETRY emits it again, up to maxRedeliveries times, and then parks it; PARK parks "
                            + "it at once: it is set aside until it is resumed or dropped, and the window goes "
                            + "on. Both wait while the route takes nothing at all. SKIP reports it to the "
                            + "exception handler and counts it as done, which loses events while the route is "
                            + "down.")
    private OnFailure onFailure = OnFailure.RETRY;

    @UriParam(
            label = "consumer,trouble",
            defaultValue = "5",
            description =
                    "How often an exchange that the route left failed is emitted again before it is "
                            + "parked, not counting the time in which the route takes nothing at all. The first "
                            + "redelivery follows after retryDelay, each further one after twice the time, up "
                            + "to 5 minutes.")
    private int maxRedeliveries = 5;

    @UriParam(
            label = "trouble",
            defaultValue = "8MB",
            description =
                    "The longest line that counts as an event, in bytes or with a unit such as 512KB "
                            + "or 8MB (1 KB is 1024 bytes).")
    private String maxLineSize = "8MB";

    @UriParam(
            label = "consumer,trouble",
            defaultValue = "FAIL",
            description =
                    "What happens at start when the query differs from the recorded one. FAIL does "
                            + "not start, REEXPORT exports all days again, KEEP leaves finished days as they "
                            + "are and uses the new query for the rest.")
    private OnQueryChange onQueryChange = OnQueryChange.FAIL;

    @UriParam(
            label = "state",
            defaultValue = ".mixpanel-export",
            description =
                    "The directory of the ledger, the quota log and the spool. It must outlive the "
                            + "process.")
    private String stateDirectory = ".mixpanel-export";

    @UriParam(
            label = "state",
            defaultValue = "20GB",
            description =
                    "The disk space that downloads of this export may use, in bytes or with a unit "
                            + "such as 500MB or 20GB (1 GB is 1024 MB). Windows on demand may use as much "
                            + "again.")
    private String maxSpoolSize = "20GB";

    @UriParam(
            label = "state,advanced",
            defaultValue = "64MB",
            description =
                    "The memory that verified downloads may take while they wait for the route, in "
                            + "bytes or with a unit such as 16MB, so that they need not be decompressed "
                            + "again. It is shared by all exports of the CamelContext, and never more "
                            + "than an eighth of the heap. With 0 this export keeps none.")
    private String maxInMemorySize = "64MB";

    @UriParam(
            label = "state,advanced",
            description =
                    "A database that keeps the ledger, the quota log, the dedupe keys and parked "
                            + "events, so that another machine can take over: such as #bean:name. Downloads "
                            + "stay in stateDirectory, which then is a working copy and may be lost. Shared by "
                            + "all endpoints of the project, which must agree on it. It is never looked up by "
                            + "its type.")
    @Metadata(autowired = false)
    private DataSource dataSource;

    @UriParam(
            label = "consumer,state",
            defaultValue = "FAIL",
            description =
                    "What happens at start while another process owns the state. FAIL does not start; "
                            + "WAIT is a standby that takes over within seconds after the other process has "
                            + "ended.")
    private OnStateInUse onStateInUse = OnStateInUse.FAIL;

    @UriParam(
            label = "producer",
            defaultValue = "EXPORT",
            description =
                    "What the producer does, unless the header CamelMixpanelExportOperation says "
                            + "otherwise. EXPORT returns the events of one window, whatever the consumer of "
                            + "that name has done, and never reads the body. TASK carries out the task in the "
                            + "body, which a consumer with emit=WINDOWS issued: it returns the events of its "
                            + "window, with one query and no retry, and each task once. COMPLETE reports the "
                            + "outcome of a task to that consumer. REEXPORT makes days due again for the consumer's "
                            + "next poll. RESUME emits the parked events of the days once more, and retries "
                            + "windows that wait after a failure at once; DROP deletes the parked events, and "
                            + "gives up those that wait after a failure if they fail once more; both "
                            + "need the consumer to run in this CamelContext.")
    private Operation operation = Operation.EXPORT;

    @UriParam(
            label = "producer",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description =
                    "The longest time that a message which requests a window waits for the quota, all "
                            + "its retries together. If there is no room by then, it fails with a "
                            + "QuotaExhaustedException that says when there is, at once if that is known. It "
                            + "also fails when maxConcurrentQueries other messages wait already.")
    private long onDemandTimeout = 30_000;

    @UriParam(
            label = "producer",
            defaultValue = "REPAIR",
            description =
                    "What the consumer emits of days that operation=REEXPORT makes due again, unless "
                            + "the header CamelMixpanelExportReexport says otherwise. REPAIR emits what the "
                            + "route has not taken yet, REPLAY emits everything.")
    private Reexport reexport = Reexport.REPAIR;

    /** An equal configuration that can be changed without changing this one. */
    public MixpanelExportConfiguration copy() {
        try {
            return (MixpanelExportConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public Region getRegion() {
        return region;
    }

    public void setRegion(Region region) {
        this.region = region;
    }

    public String getBaseUrl() {
        return baseUrl;
    }

    public void setBaseUrl(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public String getProjectId() {
        return projectId;
    }

    public void setProjectId(String projectId) {
        this.projectId = projectId;
    }

    public String getServiceAccount() {
        return serviceAccount;
    }

    public void setServiceAccount(String serviceAccount) {
        this.serviceAccount = serviceAccount;
    }

    public String getServiceAccountSecret() {
        return serviceAccountSecret;
    }

    public void setServiceAccountSecret(String serviceAccountSecret) {
        this.serviceAccountSecret = serviceAccountSecret;
    }

    public String getProjectSecret() {
        return projectSecret;
    }

    public void setProjectSecret(String projectSecret) {
        this.projectSecret = projectSecret;
    }

    public String getAccessToken() {
        return accessToken;
    }

    public void setAccessToken(String accessToken) {
        this.accessToken = accessToken;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(long responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public long getWindowTimeout() {
        return windowTimeout;
    }

    public void setWindowTimeout(long windowTimeout) {
        this.windowTimeout = windowTimeout;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(String proxyHost) {
        this.proxyHost = proxyHost;
    }

    public Integer getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(Integer proxyPort) {
        this.proxyPort = proxyPort;
    }

    public String getNonProxyHosts() {
        return nonProxyHosts;
    }

    public void setNonProxyHosts(String nonProxyHosts) {
        this.nonProxyHosts = nonProxyHosts;
    }

    public String getProxyAuthScheme() {
        return proxyAuthScheme;
    }

    public void setProxyAuthScheme(String proxyAuthScheme) {
        this.proxyAuthScheme = proxyAuthScheme;
    }

    public String getProxyAuthMethod() {
        return proxyAuthMethod;
    }

    public void setProxyAuthMethod(String proxyAuthMethod) {
        this.proxyAuthMethod = proxyAuthMethod;
    }

    public String getProxyAuthUsername() {
        return proxyAuthUsername;
    }

    public void setProxyAuthUsername(String proxyAuthUsername) {
        this.proxyAuthUsername = proxyAuthUsername;
    }

    public String getProxyAuthPassword() {
        return proxyAuthPassword;
    }

    public void setProxyAuthPassword(String proxyAuthPassword) {
        this.proxyAuthPassword = proxyAuthPassword;
    }

    public String getEvents() {
        return events;
    }

    public void setEvents(String events) {
        this.events = events;
    }

    public String getWhere() {
        return where;
    }

    public void setWhere(String where) {
        this.where = where;
    }

    public Integer getLimit() {
        return limit;
    }

    public void setLimit(Integer limit) {
        this.limit = limit;
    }

    public boolean isTimeInMs() {
        return timeInMs;
    }

    public void setTimeInMs(boolean timeInMs) {
        this.timeInMs = timeInMs;
    }

    public String getFromDate() {
        return fromDate;
    }

    public void setFromDate(String fromDate) {
        this.fromDate = fromDate;
    }

    public String getToDate() {
        return toDate;
    }

    public void setToDate(String toDate) {
        this.toDate = toDate;
    }

    public String getWindowDays() {
        return windowDays;
    }

    public void setWindowDays(String windowDays) {
        this.windowDays = windowDays;
    }

    public String getWindowSize() {
        return windowSize;
    }

    public void setWindowSize(String windowSize) {
        this.windowSize = windowSize;
    }

    public String getTimeZone() {
        return timeZone;
    }

    public void setTimeZone(String timeZone) {
        this.timeZone = timeZone;
    }

    public BackfillOrder getBackfillOrder() {
        return backfillOrder;
    }

    public void setBackfillOrder(BackfillOrder backfillOrder) {
        this.backfillOrder = backfillOrder;
    }

    public boolean isDeduplicate() {
        return deduplicate;
    }

    public void setDeduplicate(boolean deduplicate) {
        this.deduplicate = deduplicate;
    }

    public DedupeRecipe getDedupeKey() {
        return dedupeKey;
    }

    public void setDedupeKey(DedupeRecipe dedupeKey) {
        this.dedupeKey = dedupeKey;
    }

    public boolean isRestoreHotShards() {
        return restoreHotShards;
    }

    public void setRestoreHotShards(boolean restoreHotShards) {
        this.restoreHotShards = restoreHotShards;
    }

    public Emit getEmit() {
        return emit;
    }

    public void setEmit(Emit emit) {
        this.emit = emit;
    }

    public long getTaskStartTimeout() {
        return taskStartTimeout;
    }

    public void setTaskStartTimeout(long taskStartTimeout) {
        this.taskStartTimeout = taskStartTimeout;
    }

    public long getTaskTimeout() {
        return taskTimeout;
    }

    public void setTaskTimeout(long taskTimeout) {
        this.taskTimeout = taskTimeout;
    }

    public boolean isWindowComplete() {
        return windowComplete;
    }

    public void setWindowComplete(boolean windowComplete) {
        this.windowComplete = windowComplete;
    }

    public int getLookbackDays() {
        return lookbackDays;
    }

    public void setLookbackDays(int lookbackDays) {
        this.lookbackDays = lookbackDays;
    }

    public long getTodayInterval() {
        return todayInterval;
    }

    public void setTodayInterval(long todayInterval) {
        this.todayInterval = todayInterval;
    }

    public long getRevisitInterval() {
        return revisitInterval;
    }

    public void setRevisitInterval(long revisitInterval) {
        this.revisitInterval = revisitInterval;
    }

    public int getArrivalDays() {
        return arrivalDays;
    }

    public void setArrivalDays(int arrivalDays) {
        this.arrivalDays = arrivalDays;
    }

    public LateEvents getLateEvents() {
        return lateEvents;
    }

    public void setLateEvents(LateEvents lateEvents) {
        this.lateEvents = lateEvents;
    }

    public int getMaxConcurrentWindows() {
        return maxConcurrentWindows;
    }

    public void setMaxConcurrentWindows(int maxConcurrentWindows) {
        this.maxConcurrentWindows = maxConcurrentWindows;
    }

    public int getQueriesPerHour() {
        return queriesPerHour;
    }

    public void setQueriesPerHour(int queriesPerHour) {
        this.queriesPerHour = queriesPerHour;
    }

    public int getQueriesPerSecond() {
        return queriesPerSecond;
    }

    public void setQueriesPerSecond(int queriesPerSecond) {
        this.queriesPerSecond = queriesPerSecond;
    }

    public int getMaxConcurrentQueries() {
        return maxConcurrentQueries;
    }

    public void setMaxConcurrentQueries(int maxConcurrentQueries) {
        this.maxConcurrentQueries = maxConcurrentQueries;
    }

    public int getMaxRetries() {
        return maxRetries;
    }

    public void setMaxRetries(int maxRetries) {
        this.maxRetries = maxRetries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
    }

    public OnBadLine getOnBadLine() {
        return onBadLine;
    }

    public void setOnBadLine(OnBadLine onBadLine) {
        this.onBadLine = onBadLine;
    }

    public OnFailure getOnFailure() {
        return onFailure;
    }

    public void setOnFailure(OnFailure onFailure) {
        this.onFailure = onFailure;
    }

    public int getMaxRedeliveries() {
        return maxRedeliveries;
    }

    public void setMaxRedeliveries(int maxRedeliveries) {
        this.maxRedeliveries = maxRedeliveries;
    }

    public String getMaxLineSize() {
        return maxLineSize;
    }

    public void setMaxLineSize(String maxLineSize) {
        this.maxLineSize = maxLineSize;
    }

    public OnQueryChange getOnQueryChange() {
        return onQueryChange;
    }

    public void setOnQueryChange(OnQueryChange onQueryChange) {
        this.onQueryChange = onQueryChange;
    }

    public String getStateDirectory() {
        return stateDirectory;
    }

    public void setStateDirectory(String stateDirectory) {
        this.stateDirectory = stateDirectory;
    }

    public String getMaxSpoolSize() {
        return maxSpoolSize;
    }

    public void setMaxSpoolSize(String maxSpoolSize) {
        this.maxSpoolSize = maxSpoolSize;
    }

    public String getMaxInMemorySize() {
        return maxInMemorySize;
    }

    public void setMaxInMemorySize(String maxInMemorySize) {
        this.maxInMemorySize = maxInMemorySize;
    }

    public DataSource getDataSource() {
        return dataSource;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public OnStateInUse getOnStateInUse() {
        return onStateInUse;
    }

    public void setOnStateInUse(OnStateInUse onStateInUse) {
        this.onStateInUse = onStateInUse;
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public long getOnDemandTimeout() {
        return onDemandTimeout;
    }

    public void setOnDemandTimeout(long onDemandTimeout) {
        this.onDemandTimeout = onDemandTimeout;
    }

    public Reexport getReexport() {
        return reexport;
    }

    public void setReexport(Reexport reexport) {
        this.reexport = reexport;
    }
}
