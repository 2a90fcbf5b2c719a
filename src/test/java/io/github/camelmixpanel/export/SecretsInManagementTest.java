package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.apache.camel.Route;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A canary in every credential option is not to be seen by those who manage an application: in no
 * attribute and no dump of any MBean, ours or Camel's, in no console, in no dump of the routes,
 * when it is set on the component, by the Kamelet, or with {@code #property:} in a URI.
 *
 * <p>Else it shows only where Camel prints the route as its author wrote it: in its dumps, and in
 * the console {@code route-dump}, which also resolves placeholders; and the console {@code
 * properties} shows the application's properties.
 */
class SecretsInManagementTest extends ExportTestSupport {

    private static final String CANARY = "canary-9f8e7d6c";
    private static final String DAY = "2026-10-05";

    private static final Map<String, String> CREDENTIALS =
            Map.of(
                    "serviceAccountSecret", "&serviceAccount=account&projectId=7",
                    "projectSecret", "&projectId=7",
                    "accessToken", "&projectId=7",
                    "proxyAuthUsername",
                            "&accessToken=x&projectId=7&proxyHost=127.0.0.1&proxyPort=9&proxyAuthPassword=x",
                    "proxyAuthPassword",
                            "&accessToken=x&projectId=7&proxyHost=127.0.0.1&proxyPort=9&proxyAuthUsername=me");

    static Stream<Arguments> places() {
        return CREDENTIALS.keySet().stream()
                .sorted()
                .flatMap(
                        option ->
                                Stream.of(
                                                "{{vault:secret}}",
                                                "RAW({{vault:secret}})",
                                                "RAW(" + CANARY + ")",
                                                "#property:vault:secret",
                                                "#property:account.secret",
                                                "on the component",
                                                "in the Kamelet")
                                        .filter(
                                                place ->
                                                        option.equals("serviceAccountSecret")
                                                                || !place.endsWith("Kamelet"))
                                        .map(place -> Arguments.of(option, place)));
    }

    @Test
    void knowsEveryOptionThatIsASecret() throws Exception {
        JsonNode options =
                new ObjectMapper()
                        .readTree(
                                MixpanelExportEndpoint.class.getResource(
                                        "/META-INF/io/github/camelmixpanel/export/mixpanel-export.json"))
                        .get("properties");
        Set<String> secrets = new TreeSet<>();
        options.properties()
                .forEach(
                        option -> {
                            if (option.getValue().path("secret").asBoolean()) {
                                secrets.add(option.getKey());
                            }
                        });

        assertThat(secrets).isEqualTo(new TreeSet<>(CREDENTIALS.keySet()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("places")
    void showNothingToManagement(String option, String place) throws Exception {
        context.setDevConsole(true);
        openVault();
        switch (place) {
            case "on the component" -> {
                setOnTheComponent(option);
                collect(uri(option));
            }
            case "in the Kamelet" -> {
                refer("camel.kamelet.mixpanel-export-source." + option);
                collect(kamelet());
            }
            default -> {
                refer("account.secret");
                collect(uri(option) + "&" + option + "=" + place);
            }
        }
        context.start();
        await().until(() -> polling().isFirstPollDone());

        // told to resolve placeholders, Camel does, also in a URI
        boolean resolve = !place.contains("{{");
        List<String> shown = new ArrayList<>();
        beans(shown, resolve);
        consoles(shown);
        ModelCamelContext model = (ModelCamelContext) context;
        shown.add(
                PluginHelper.getModelToXMLDumper(context)
                        .dumpModelAsXml(context, model.getRouteDefinition("export")));
        shown.add(
                PluginHelper.getModelToXMLDumper(context)
                        .dumpModelAsXml(
                                context, model.getRouteDefinition("export"), resolve, true, true));

        assertThat(shown).hasSizeGreaterThan(200);
        assertThat(shown).anyMatch(text -> text.contains("mixpanel-export:"));
        assertThat(
                        shown.stream()
                                .filter(text -> text.contains(CANARY))
                                .filter(text -> !Pattern.matches(camelsOwn(place), text)))
                .isEmpty();
    }

    /** Where Camel itself shows a secret, of any component. */
    private static String camelsOwn(String place) {
        return switch (place) {
            case "on the component", "in the Kamelet", "#property:vault:secret" -> "nowhere";
            case "#property:account.secret" -> "(?s)properties .*";
            case "{{vault:secret}}", "RAW({{vault:secret}})" -> "(?s)route-dump .*";
            default -> "(?s)(route-dump|<route|org\\.apache\\.camel:\\S+ dumpRoute\\w+) .*";
        };
    }

    private String uri(String option) {
        return "mixpanel-export:test?baseUrl="
                + mixpanel.baseUrl()
                + "&stateDirectory="
                + state()
                + "&fromDate="
                + DAY
                + "&toDate="
                + DAY
                + "&initialDelay=0&repeatCount=1&maxRetries=0"
                + CREDENTIALS.get(option);
    }

    private String kamelet() {
        MixpanelExportConfiguration options = options();
        options.setBaseUrl(mixpanel.baseUrl());
        options.setMaxRetries(0);
        return "kamelet:mixpanel-export-source?name=test&projectId=7&serviceAccount=account&stateDirectory="
                + state()
                + "&fromDate="
                + DAY
                + "&toDate="
                + DAY;
    }

    private MixpanelExportConsumer polling() {
        return context.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(MixpanelExportConsumer.class::isInstance)
                .map(MixpanelExportConsumer.class::cast)
                .findAny()
                .orElseThrow();
    }

    private void refer(String property) {
        Properties properties = new Properties();
        properties.setProperty(property, "{{vault:secret}}");
        context.getPropertiesComponent().setInitialProperties(properties);
    }

    /** Where an application keeps its secrets: a vault, the environment. */
    private void openVault() {
        context.getPropertiesComponent()
                .addPropertiesFunction(
                        new PropertiesFunction() {
                            @Override
                            public String getName() {
                                return "vault";
                            }

                            @Override
                            public String apply(String name) {
                                return CANARY;
                            }
                        });
    }

    private MixpanelExportConfiguration options() {
        return context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .getConfiguration();
    }

    private void setOnTheComponent(String option) {
        MixpanelExportConfiguration options = options();
        switch (option) {
            case "serviceAccountSecret" -> options.setServiceAccountSecret(CANARY);
            case "projectSecret" -> options.setProjectSecret(CANARY);
            case "accessToken" -> options.setAccessToken(CANARY);
            case "proxyAuthUsername" -> options.setProxyAuthUsername(CANARY);
            case "proxyAuthPassword" -> options.setProxyAuthPassword(CANARY);
            default -> throw new IllegalArgumentException(option);
        }
    }

    private static void beans(List<String> shown, boolean resolve) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            shown.add(name.toString());
            List<String> readable =
                    Stream.of(server.getMBeanInfo(name).getAttributes())
                            .filter(MBeanAttributeInfo::isReadable)
                            .map(MBeanAttributeInfo::getName)
                            .toList();
            for (Attribute attribute :
                    server.getAttributes(name, readable.toArray(String[]::new)).asList()) {
                shown.add(name + " " + attribute.getName() + " " + text(attribute.getValue()));
            }
            for (MBeanOperationInfo operation : server.getMBeanInfo(name).getOperations()) {
                if (tells(operation)) {
                    shown.add(
                            name
                                    + " "
                                    + operation.getName()
                                    + " "
                                    + told(server, name, operation, resolve));
                }
            }
        }
    }

    /** Operations that only look, and need no more than a yes or no. */
    private static boolean tells(MBeanOperationInfo operation) {
        return operation
                        .getName()
                        .matches("(dump|browse|list|explain|snapshot|endpoint|json|info).*")
                && Stream.of(operation.getSignature()).allMatch(p -> p.getType().equals("boolean"));
    }

    private static String told(
            MBeanServer server, ObjectName name, MBeanOperationInfo operation, boolean resolve)
            throws JMException {
        MBeanParameterInfo[] parameters = operation.getSignature();
        Object[] answers = Stream.of(parameters).map(p -> resolve).toArray();
        String[] types =
                Stream.of(parameters).map(MBeanParameterInfo::getType).toArray(String[]::new);
        try {
            return text(server.invoke(name, operation.getName(), answers, types));
        } catch (RuntimeMBeanException | javax.management.MBeanException e) {
            return String.valueOf(e.getCause()); // some have no answer for this route
        }
    }

    private static String text(Object value) {
        if (value instanceof TabularData table) {
            return table.values().stream().map(SecretsInManagementTest::text).toList().toString();
        }
        if (value instanceof CompositeData row) {
            return row.values().stream().map(SecretsInManagementTest::text).toList().toString();
        }
        return value instanceof Object[] many
                ? Stream.of(many).map(SecretsInManagementTest::text).toList().toString()
                : String.valueOf(value);
    }

    private void consoles(List<String> shown) {
        DevConsoleRegistry registry =
                context.getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class);
        registry.loadDevConsoles();
        Set<String> ids = new TreeSet<>();
        registry.stream()
                .filter(console -> !console.getId().equals("jvm"))
                .forEach(
                        console -> {
                            for (DevConsole.MediaType type : DevConsole.MediaType.values()) {
                                if (console.supportMediaType(type)) {
                                    ids.add(console.getId());
                                    shown.add(console.getId() + " " + console.call(type));
                                }
                            }
                        });
        assertThat(ids).contains("mixpanel-export", "endpoint", "route", "consumer");
    }
}
