package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelmixpanel.export.docs.Metadata;
import io.github.camelmixpanel.export.docs.Metadata.Entry;
import io.github.camelmixpanel.export.failure.InvalidOptionException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.spi.ComponentCustomizer;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Each option of the metadata that is a number, a time or a choice refuses what is none, and what
 * only a typo can mean, by the same check wherever it is set; the message names it.
 */
class OptionChecksTest {

    private static final String ACCESS = "?accessToken=any&projectId=1";
    private static final String PREFIX = "camel.component.mixpanel-export.";

    private static final Map<String, List<String>> WRONG =
            Map.of(
                    "integer",
                    List.of("5d", "1k", "ten", "1.5", "-7", "999999999", "99999999999"),
                    "duration",
                    List.of("soon", "1w", "2 h", "1.5h", "-5s", "99999d", "9999999999999999999"),
                    "enum",
                    List.of("NONESUCH"),
                    "boolean",
                    List.of("ture"));

    /** Camel reads these by itself, for every component. */
    private static final Set<String> CAMELS = Set.of("bridgeErrorHandler", "lazyStartProducer");

    /** Where an option is set. */
    private enum Place {
        URI {
            @Override
            void start(String option, String text) throws Exception {
                try (DefaultCamelContext context = new DefaultCamelContext()) {
                    begin(context, "&" + option + "=" + text);
                }
            }
        },
        COMPONENT {
            @Override
            void start(String option, String text) throws Exception {
                main(PREFIX + dashed(option), text);
            }
        },
        CONFIGURATION {
            @Override
            void start(String option, String text) throws Exception {
                main(PREFIX + "configuration." + dashed(option), text);
            }
        },
        SPRING_BOOT {
            @Override
            void start(String option, String text) throws Exception {
                StandardEnvironment environment = new StandardEnvironment();
                environment
                        .getPropertySources()
                        .addFirst(
                                new MapPropertySource(
                                        "test", Map.of(PREFIX + dashed(option), text)));
                ComponentCustomizer customizer =
                        new MixpanelExportAutoConfiguration().mixpanelExportOptions(environment);
                try (DefaultCamelContext context = new DefaultCamelContext()) {
                    customizer.configure(
                            "mixpanel-export", context.getComponent("mixpanel-export"));
                    begin(context, "");
                }
            }
        };

        abstract void start(String option, String text) throws Exception;

        private static void main(String property, String text) throws Exception {
            Main main = new Main();
            main.setPropertyPlaceholderLocations("false");
            main.configure().withAutoConfigurationLogSummary(false);
            main.addInitialProperty(property, text);
            try {
                main.start();
                begin(main.getCamelContext(), "");
            } finally {
                main.stop();
            }
        }

        private static void begin(CamelContext context, String options) throws Exception {
            context.getEndpoint(
                            "mixpanel-export:x" + ACCESS + options, MixpanelExportEndpoint.class)
                    .createConsumer(exchange -> {});
        }

        private static String dashed(String option) {
            return option.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        }
    }

    static Stream<Arguments> options() throws IOException {
        List<String> ofComponent = checked("componentProperties").map(Entry::name).toList();
        return checked("properties")
                .flatMap(
                        option ->
                                Stream.of(Place.values())
                                        .filter(
                                                place ->
                                                        place == Place.URI
                                                                || ofComponent.contains(
                                                                                option.name())
                                                                        && isOurs(option))
                                        .map(place -> Arguments.of(place, option.name())));
    }

    private static Stream<Entry> checked(String section) throws IOException {
        return Metadata.ofTheComponent()
                .entries(section)
                .filter(option -> WRONG.containsKey(type(option)))
                .filter(option -> !CAMELS.contains(option.name()));
    }

    /** Camel calls this one a number, and takes a time. */
    private static String type(Entry option) {
        return option.name().equals("initialDelay")
                ? "duration"
                : option.json().get("type").asText();
    }

    /** Not one that Camel gives to every component. */
    private static boolean isOurs(Entry option) {
        return option.json().has("configurationField");
    }

    @ParameterizedTest(name = "{1} {0}")
    @MethodSource("options")
    void refuseWhatOnlyATypoCanMean(Place place, String name) throws IOException {
        Entry option = checked("properties").filter(it -> it.name().equals(name)).findAny().get();
        for (String text : WRONG.get(type(option))) {
            Throwable failure = catchThrowable(() -> place.start(name, text));

            assertThat(failure).as("%s=%s", name, text).isNotNull();
            Throwable cause = Throwables.getRootCause(failure);
            assertThat(cause == null ? failure : cause)
                    .as("%s=%s", name, text)
                    .isInstanceOf(InvalidOptionException.class)
                    .hasMessageStartingWith("Option " + name + " is '")
                    .hasMessageContaining("'; allowed is ");
        }
    }

    @Test
    void areMany() throws IOException {
        assertThat(options()).hasSizeGreaterThan(150);
    }
}
