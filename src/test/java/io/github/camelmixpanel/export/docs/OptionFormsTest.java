package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelmixpanel.export.MixpanelExportEndpoint;
import io.github.camelmixpanel.export.docs.Metadata.Entry;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each option of the metadata can be set: on the endpoint in XML, YAML and Java, on the component
 * by a property; and what was set is what the endpoint or component then has.
 */
class OptionFormsTest {

    private static final ScheduledExecutorService POOL =
            Executors.newSingleThreadScheduledExecutor();

    /** Objects that an option may refer to, by the names of the options. */
    private static final Map<String, Object> BEANS =
            Map.of(
                    "exceptionHandler", new LoggingExceptionHandler(null, OptionFormsTest.class),
                    "pollStrategy", new DefaultPollingConsumerPollStrategy(),
                    "scheduledExecutorService", POOL,
                    "sslContextParameters", new SSLContextParameters(),
                    "dataSource", new JdbcDataSource());

    /** Texts that have a form of their own; any other text will do for the rest. */
    private static final Map<String, String> TEXTS =
            Map.ofEntries(
                    Map.entry("baseUrl", "http://localhost:8080"),
                    Map.entry("events", "sign up,checkout"),
                    Map.entry("fromDate", "2026-01-02"),
                    Map.entry("maxLineSize", "1MB"),
                    Map.entry("maxSpoolSize", "3GB"),
                    Map.entry("maxInMemorySize", "0"),
                    Map.entry("nonProxyHosts", "localhost,*.example.com"),
                    Map.entry("projectId", "1234567"),
                    Map.entry("scheduler", "quartz"),
                    Map.entry("stateDirectory", "/var/lib/mixpanel"),
                    Map.entry("timeZone", "Europe/Berlin"),
                    Map.entry("toDate", "2026-01-03"),
                    Map.entry("where", "properties[\"amount\"] > 100"));

    /**
     * @param written how a route or a properties file writes the value
     * @param read what the option then is
     */
    private record Value(String written, Object read) {

        static Value of(Entry option) {
            String was = option.json().path("defaultValue").asText();
            if (BEANS.containsKey(option.name())) {
                return new Value("#" + option.name(), BEANS.get(option.name()));
            }
            return switch (option.json().get("type").asText()) {
                case "boolean" -> {
                    boolean other = !Boolean.parseBoolean(was);
                    yield new Value(String.valueOf(other), other);
                }
                case "integer" -> {
                    int other = was.isEmpty() ? 7 : Integer.parseInt(was) + 1;
                    yield new Value(String.valueOf(other), other);
                }
                case "duration" -> new Value("7m", 420_000);
                case "enum" -> {
                    String other = "";
                    for (JsonNode allowed : option.json().get("enum")) {
                        other = allowed.asText().equals(was) ? other : allowed.asText();
                    }
                    yield new Value(other, other);
                }
                default -> {
                    String text = TEXTS.getOrDefault(option.name(), "a+b c");
                    yield new Value(text, text);
                }
            };
        }

        /** In a URI: characters that mean something there stay what they are. */
        String inUri() {
            return written.matches("[\\w.:/#-]+") ? written : "RAW(" + written + ")";
        }

        String inXml() {
            return inUri().replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        }
    }

    @AfterAll
    static void endThePool() {
        POOL.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("endpointOptions")
    void endpointHasWhatXmlYamlAndJavaSet(String name) throws Exception {
        Entry option = option("properties", name);
        Value value = Value.of(option);

        assertThat(
                        fromText(
                                option,
                                "xml",
                                "<route><from uri=\"mixpanel-export:x?%s=%s\"/><to uri=\"log:x\"/></route>"
                                        .formatted(name, value.inXml())))
                .isEqualTo(value.read());
        assertThat(
                        fromText(
                                option,
                                "yaml",
                                """
                                - route:
                                    from:
                                      uri: mixpanel-export:x
                                      parameters:
                                        %s: '%s'
                                      steps:
                                        - to: log:x
                                """
                                        .formatted(name, value.inUri())))
                .isEqualTo(value.read());
        try (DefaultCamelContext context = context()) {
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("mixpanel-export:x?" + name + "=" + value.inUri()).to("log:x");
                        }
                    });
            assertThat(ofTheRoute(context, option)).isEqualTo(value.read());
        }
    }

    @Test
    void endpointHasThePropertiesOfItsScheduler() throws Exception {
        String cron = "0 0 * * * ?";
        String xml =
                "<route><from uri=\"mixpanel-export:x?scheduler=quartz&amp;scheduler.cron=RAW(%s)\"/>"
                        + "<to uri=\"log:x\"/></route>";
        String yaml =
                """
                - route:
                    from:
                      uri: mixpanel-export:x
                      parameters:
                        scheduler: quartz
                        scheduler.cron: '%s'
                      steps:
                        - to: log:x
                """;
        try (DefaultCamelContext context = context()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(
                            ResourceHelper.fromString("a.xml", xml.formatted(cron)),
                            ResourceHelper.fromString("b.yaml", yaml.formatted(cron)));
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("mixpanel-export:x?scheduler=quartz&scheduler.cron=RAW(%s)"
                                            .formatted(cron))
                                    .to("log:x");
                        }
                    });

            assertThat(context.getRouteDefinitions()).hasSize(3);
            for (RouteDefinition route : context.getRouteDefinitions()) {
                MixpanelExportEndpoint endpoint =
                        context.getEndpoint(
                                route.getInput().getEndpointUri(), MixpanelExportEndpoint.class);
                assertThat(endpoint.getSchedulerProperties()).isEqualTo(Map.of("cron", cron));
            }
        }
    }

    /** All but the prefix for properties of a scheduler, which is tried above. */
    static Stream<String> endpointOptions() throws IOException {
        return Metadata.ofTheComponent()
                .entries("properties")
                .filter(option -> !option.isPath())
                .map(Entry::name)
                .filter(name -> !name.equals("schedulerProperties"));
    }

    @ParameterizedTest
    @MethodSource("componentOptions")
    void componentHasWhatAPropertySets(String name) throws Exception {
        Entry option = option("componentProperties", name);
        Value value = Value.of(option);
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.configure().withAutoConfigurationLogSummary(false);
        BEANS.forEach(main::bind);
        String dashed = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        main.addInitialProperty("camel.component.mixpanel-export." + dashed, value.written());
        try {
            main.start();
            CamelContext context = main.getCamelContext();

            assertThat(
                            read(
                                    context,
                                    "mixpanel-export-component",
                                    context.getComponent("mixpanel-export"),
                                    option))
                    .isEqualTo(value.read());
            if (Metadata.ofTheComponent().isEndpointOption(name)
                    && option("properties", name).json().has("configurationField")) {
                assertThat(ofTheEndpoint(context, "mixpanel-export:x", option))
                        .isEqualTo(value.read());
            }
        } finally {
            main.stop();
        }
    }

    /** All but the object that holds the others. */
    static Stream<String> componentOptions() throws IOException {
        return Metadata.ofTheComponent()
                .entries("componentProperties")
                .map(Entry::name)
                .filter(name -> !name.equals("configuration"));
    }

    private static Object fromText(Entry option, String language, String text) throws Exception {
        try (DefaultCamelContext context = context()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString("route." + language, text));
            return ofTheRoute(context, option);
        }
    }

    /** A context whose routes are known, and do not run. */
    private static DefaultCamelContext context() {
        DefaultCamelContext context = new DefaultCamelContext();
        BEANS.forEach(context.getRegistry()::bind);
        return context;
    }

    private static Object ofTheRoute(DefaultCamelContext context, Entry option) {
        String uri = context.getRouteDefinitions().get(0).getInput().getEndpointUri();
        return ofTheEndpoint(context, uri, option);
    }

    private static Object ofTheEndpoint(CamelContext context, String uri, Entry option) {
        MixpanelExportEndpoint endpoint = context.getEndpoint(uri, MixpanelExportEndpoint.class);
        return read(context, "mixpanel-export-endpoint", endpoint, option);
    }

    private static Object read(
            CamelContext context, String configurer, Object target, Entry option) {
        Object value =
                ((PropertyConfigurerGetter)
                                PluginHelper.getConfigurerResolver(context)
                                        .resolvePropertyConfigurer(configurer, context))
                        .getOptionValue(target, option.name(), false);
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value instanceof Number number ? (Object) number.intValue() : value;
    }

    private static Entry option(String section, String name) throws IOException {
        return Metadata.ofTheComponent()
                .entries(section)
                .filter(option -> option.name().equals(name))
                .findAny()
                .orElseThrow();
    }
}
