package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.options.Bounds;
import io.github.camelmixpanel.export.internal.options.SettingsReader;
import io.github.camelmixpanel.export.internal.options.TransportReader;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Export raw events from Mixpanel: complete, in project quota, one exchange per event. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "mixpanel-export",
        title = "Mixpanel Export",
        syntax = "mixpanel-export:name",
        category = {Category.SAAS, Category.CLOUD},
        headersClass = MixpanelExportConstants.class)
public class MixpanelExportEndpoint extends ScheduledPollEndpoint
        implements EndpointServiceLocation {

    private static final Logger LOG = LoggerFactory.getLogger(MixpanelExportEndpoint.class);
    private static final Duration DEFAULT_DELAY = Duration.ofMinutes(15);

    @UriPath(
            description =
                    "The name of the export, under which its progress is kept: letters, digits, dots, underscores and "
                            + "hyphens. One running consumer a name.")
    @Metadata(required = true)
    private String name;

    @UriParam private MixpanelExportConfiguration configuration;

    @UriParam(
            label = "consumer,scheduler",
            defaultValue = "15m",
            javaType = "java.time.Duration",
            description = "Milliseconds before the next poll.")
    private long delay = -1;

    private ExportSettings settings;

    /**
     * @param uri without secrets, since Camel shows it in many places
     */
    public MixpanelExportEndpoint(
            String uri,
            MixpanelExportComponent component,
            MixpanelExportConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    /**
     * The checked options, read once.
     *
     * @throws IllegalArgumentException when an option is missing or wrong; the message says which
     */
    synchronized ExportSettings settings() {
        if (settings == null) {
            settings = new SettingsReader(LOG::warn).read(name, configuration);
        }
        return settings;
    }

    /** The caller closes it. */
    ExportClient newClient() throws Exception {
        return new ExportClient(
                getCamelContext(), TransportReader.read(configuration), settings().source());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ZoneId timeZone = settings().timeZone();
        checkScheduler();
        if ("quartz".equals(getScheduler()) || "spring".equals(getScheduler())) {
            cutDaysAndCronInOneTimeZone(timeZone);
        }
        MixpanelExportConsumer consumer = new MixpanelExportConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** The options that Camel has for each component that polls. */
    private void checkScheduler() {
        Bounds.check("delay", getDelay());
        if (getInitialDelay() != -1) { // Camel's default
            Bounds.check("initialDelay", getInitialDelay());
        }
        Bounds.check("repeatCount", getRepeatCount());
        Bounds.check("backoffMultiplier", getBackoffMultiplier());
        Bounds.check("backoffIdleThreshold", getBackoffIdleThreshold());
        Bounds.check("backoffErrorThreshold", getBackoffErrorThreshold());
    }

    private void cutDaysAndCronInOneTimeZone(ZoneId timeZone) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("timeZone", TimeZone.getTimeZone(timeZone));
        if (getSchedulerProperties() != null) {
            properties.putAll(getSchedulerProperties());
        }
        setSchedulerProperties(properties);
    }

    @Override
    protected void doConfigureConsumer(Consumer consumer) {
        super.doConfigureConsumer(consumer);
        if (consumer instanceof ScheduledPollConsumer polling) {
            polling.setDelay(getDelay());
        }
    }

    @Override
    public Producer createProducer() {
        if (!isSkipped()) {
            settings(); // a wrong option fails here, not with the first message
        }
        return new MixpanelExportProducer(this);
    }

    /** Whether messages go to a mock instead, as a test with mockEndpointsAndSkip wants it. */
    boolean isSkipped() {
        return getCamelContext().getEndpoints().stream()
                .anyMatch(
                        it ->
                                it instanceof InterceptSendToEndpoint mock
                                        && mock.isSkip()
                                        && mock.getOriginalEndpoint() == this);
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public MixpanelExportComponent getComponent() {
        return (MixpanelExportComponent) super.getComponent();
    }

    @Override
    public String getServiceUrl() {
        return settings().baseUrl().toString();
    }

    @Override
    public String getServiceProtocol() {
        return settings().baseUrl().getScheme();
    }

    /** By identity: endpoints that differ only in their secrets have the same URI. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public MixpanelExportConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(MixpanelExportConfiguration configuration) {
        this.configuration = configuration;
    }

    /** How long to wait between two polls, in {@link #getTimeUnit()}; 15 minutes unless set. */
    @Override
    public long getDelay() {
        return delay < 0 ? getTimeUnit().convert(getDefaultDelay(), TimeUnit.MILLISECONDS) : delay;
    }

    @Override
    public void setDelay(long delay) {
        this.delay = delay;
    }

    /** In milliseconds. */
    @Override
    public long getDefaultDelay() {
        return DEFAULT_DELAY.toMillis();
    }
}
