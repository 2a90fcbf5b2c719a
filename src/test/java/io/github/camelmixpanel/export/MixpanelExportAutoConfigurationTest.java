package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.option.Region;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** As Spring Boot uses it; examples/spring-boot is the whole of it. */
class MixpanelExportAutoConfigurationTest {

    private static final String PREFIX = "camel.component.mixpanel-export.";

    @Test
    void isFoundBySpringBoot() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
                .contains(MixpanelExportAutoConfiguration.class.getName());
    }

    @Test
    void setsTheOptionsOfTheComponent() throws Exception {
        MixpanelExportConfiguration options =
                configured(
                                Map.of(
                                        PREFIX + "region",
                                        "eu",
                                        PREFIX + "project-id",
                                        "42",
                                        PREFIX + "serviceAccountSecret",
                                        "${secret}",
                                        "secret",
                                        "s+c%r&t",
                                        PREFIX + "response-timeout",
                                        "5m",
                                        PREFIX + "configuration.window-days",
                                        "7"))
                        .getConfiguration();

        assertThat(options.getRegion()).isEqualTo(Region.EU);
        assertThat(options.getProjectId()).isEqualTo("42");
        assertThat(options.getServiceAccountSecret()).isEqualTo("s+c%r&t");
        assertThat(options.getResponseTimeout()).isEqualTo(300_000);
        assertThat(options.getWindowDays()).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource({
        "camel.component.mixpanel-export.enabled=false, false",
        "camel.component.mixpanel-export.customizer.enabled=false, false",
        "camel.component.enabled=false, false",
        "camel.component.customizer.enabled=false, false",
        "camel.component.enabled=false camel.component.mixpanel-export.enabled=true, true",
        "camel.component.mixpanel-export.enabled=true, true",
        "camel.component.mixpanel-export.customizer.enabled=true, true"
    })
    void isSwitchedAsEveryStarter(String properties, boolean expected) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of(PREFIX + "region", "EU"));
        for (String property : properties.split(" ")) {
            all.put(property.split("=")[0], property.split("=")[1]);
        }

        assertThat(configured(all).getConfiguration().getRegion())
                .isEqualTo(expected ? Region.EU : Region.US);
    }

    /** Spring's rule: capitals, underscores for dots, and no dashes. */
    @Test
    void environmentVariablesOverrideTheFile() throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "CAMEL_COMPONENT_MIXPANELEXPORT_PROJECTID",
                                        "42",
                                        "CAMEL_COMPONENT_MIXPANELEXPORT_SERVICEACCOUNTSECRET",
                                        "s+c%r&t")));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("file", Map.of(PREFIX + "project-id", "7")));

        MixpanelExportConfiguration options = configured(environment).getConfiguration();

        assertThat(options.getProjectId()).isEqualTo("42");
        assertThat(options.getServiceAccountSecret()).isEqualTo("s+c%r&t");
    }

    @Test
    void setsNothingUnlessAsked() throws Exception {
        assertThat(configured(Map.of()).getConfiguration().getRegion()).isEqualTo(Region.US);
    }

    @Test
    void refusesAnOptionThatDoesNotExist() {
        assertThatThrownBy(() -> configured(Map.of(PREFIX + "regoin", "EU")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No such option: camel.component.mixpanel-export.regoin");
    }

    private static MixpanelExportComponent configured(Map<String, Object> properties)
            throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        return configured(environment);
    }

    private static MixpanelExportComponent configured(StandardEnvironment environment)
            throws Exception {
        ComponentCustomizer customizer =
                new MixpanelExportAutoConfiguration().mixpanelExportOptions(environment);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            MixpanelExportComponent component =
                    context.getComponent("mixpanel-export", MixpanelExportComponent.class);
            assertThat(customizer.isEnabled("log", context.getComponent("log"))).isFalse();
            if (customizer.isEnabled("mixpanel-export", component)) {
                customizer.configure("mixpanel-export", component);
            }
            return component;
        }
    }
}
