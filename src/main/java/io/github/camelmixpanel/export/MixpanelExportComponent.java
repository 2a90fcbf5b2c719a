package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.database.Databases;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.Sleeper;
import io.github.camelmixpanel.export.internal.options.MaskedUri;
import io.github.camelmixpanel.export.internal.options.TypedOptions;
import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.internal.pipeline.Standby;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PluginHelper;

/**
 * Creates {@code mixpanel-export:name} endpoints. Options set here are the defaults of each
 * endpoint.
 */
@Component("mixpanel-export")
public class MixpanelExportComponent extends HealthCheckComponent
        implements SSLContextParametersAware {

    /** Elapsed time, whatever the system clock is set to. */
    private static final InstantSource PASSING = () -> Instant.EPOCH.plusNanos(System.nanoTime());

    @Metadata(description = "The options that endpoints start from.")
    private MixpanelExportConfiguration configuration = new MixpanelExportConfiguration();

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to use the global SSL context parameters of the CamelContext.")
    private boolean useGlobalSslContextParameters;

    private Watch watch;
    private InstantSource clock = InstantSource.system();
    private InstantSource passing = PASSING;
    private Sleeper sleeper = Sleeper.REAL;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        watch = new Watch(getCamelContext().getExecutorServiceManager());
        checkOptionsOfTheConfiguration();
        // early, since exchanges that wait for the quota would delay the shutdown
        getCamelContext()
                .addLifecycleStrategy(
                        new LifecycleStrategySupport() {
                            @Override
                            public void onContextStopping(CamelContext context) {
                                exports().stopOnDemand();
                            }
                        });
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        parameters.forEach(typedOptions("mixpanel-export-endpoint")::check);
        MixpanelExportConfiguration copy = configuration.copy();
        MixpanelExportEndpoint endpoint = new MixpanelExportEndpoint(MaskedUri.of(uri), this, copy);
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        if (copy.getSslContextParameters() == null) {
            copy.setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        return endpoint;
    }

    /** Of {@code camel.component.mixpanel-export.configuration.*}: Camel looks here first. */
    private void checkOptionsOfTheConfiguration() {
        String name = MixpanelExportConfiguration.class.getName();
        if (getCamelContext().getRegistry().lookupByName(name) == null) {
            getCamelContext().getRegistry().bind(name, typedOptions(name));
        }
    }

    private TypedOptions typedOptions(String name) {
        return TypedOptions.of(
                PluginHelper.getConfigurerResolver(getCamelContext())
                        .resolvePropertyConfigurer(name, getCamelContext()));
    }

    /** What sets the options of this component, from properties for one: it refuses typos. */
    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return TypedOptions.of(super.getComponentPropertyConfigurer());
    }

    public MixpanelExportConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(MixpanelExportConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    /** The state that all exports of the CamelContext share, whichever component made them. */
    ExportRegistry exports() {
        ExtendedCamelContext context = getCamelContext().getCamelContextExtension();
        synchronized (context) {
            ExportRegistry known = context.getContextPlugin(ExportRegistry.class);
            if (known == null) {
                known =
                        new ExportRegistry(
                                clock,
                                passing,
                                sleeper,
                                Disk.REAL,
                                new Databases(clock, PASSING), // whose own clock is real
                                this::startThread);
                context.addContextPlugin(ExportRegistry.class, known);
            }
            return known;
        }
    }

    /**
     * Replaces the clock and the way of waiting; before any route is started.
     *
     * @param passing the time that passes, from any beginning, however the clock is set
     */
    void setTime(InstantSource clock, InstantSource passing, Sleeper sleeper) {
        this.clock = clock;
        this.passing = passing;
        this.sleeper = sleeper;
    }

    private void startThread(Runnable work) {
        getCamelContext().getExecutorServiceManager().newThread("MixpanelExportRead", work).start();
    }

    /** What looks after the exports of this component. */
    Watch watch() {
        return watch;
    }

    Standby standby(String export) {
        return new Standby(export, clock, passing, sleeper);
    }
}
