package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.option.OnBadLine;
import io.github.camelmixpanel.export.option.Region;
import java.util.function.Consumer;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

class MixpanelExportMainTest {

    @Test
    void takesOptionsOfTheComponentFromProperties() {
        withMain(
                main -> {
                    main.addProperty("camel.component.mixpanel-export.region", "EU");
                    main.addProperty("camel.component.mixpanel-export.service-account", "export");
                    main.addProperty(
                            "camel.component.mixpanel-export.service-account-secret",
                            "{{mixpanel.secret}}");
                    main.addProperty("mixpanel.secret", "s3+cr&t%20");
                    main.addProperty("camel.component.mixpanel-export.projectId", "123456");
                    main.addProperty("camel.component.mixpanel-export.response-timeout", "5m");
                    main.addProperty(
                            "camel.component.mixpanel-export.configuration.on-bad-line", "FAIL");
                },
                main -> {
                    MixpanelExportConfiguration options =
                            main.getCamelContext()
                                    .getEndpoint(
                                            "mixpanel-export:shop?responseTimeout=1m&windowDays=7",
                                            MixpanelExportEndpoint.class)
                                    .getConfiguration();

                    assertThat(options.getRegion()).isEqualTo(Region.EU);
                    assertThat(options.getServiceAccount()).isEqualTo("export");
                    assertThat(options.getServiceAccountSecret()).isEqualTo("s3+cr&t%20");
                    assertThat(options.getProjectId()).isEqualTo("123456");
                    assertThat(options.getResponseTimeout()).isEqualTo(60_000);
                    assertThat(options.getOnBadLine()).isEqualTo(OnBadLine.FAIL);
                    assertThat(options.getWindowDays()).isEqualTo("7");
                });
    }

    /** Camel Main reads no variable by the name of an option, for no component. */
    @Test
    void takesOptionsFromTheEnvironmentThroughPlaceholdersAndFromSystemProperties() {
        System.setProperty("camel.component.mixpanel-export.project-id", "42");
        try {
            withMain(
                    main ->
                            main.addProperty(
                                    "camel.component.mixpanel-export.service-account",
                                    "{{env:PATH}}"),
                    main -> {
                        MixpanelExportConfiguration options =
                                main.getCamelContext()
                                        .getEndpoint(
                                                "mixpanel-export:shop",
                                                MixpanelExportEndpoint.class)
                                        .getConfiguration();

                        assertThat(options.getProjectId()).isEqualTo("42");
                        assertThat(options.getServiceAccount()).isEqualTo(System.getenv("PATH"));
                    });
        } finally {
            System.clearProperty("camel.component.mixpanel-export.project-id");
        }
    }

    @Test
    void refusesAnUnknownOptionOfTheComponent() {
        assertThatThrownBy(
                        () ->
                                withMain(
                                        main ->
                                                main.addProperty(
                                                        "camel.component.mixpanel-export.regoin",
                                                        "EU"),
                                        main -> {}))
                .isInstanceOf(PropertyBindingException.class)
                .hasMessageContaining("camel.component.mixpanel-export.regoin=EU");
    }

    private static void withMain(Consumer<Main> before, Consumer<Main> then) {
        Main main = new Main();
        main.configure().withAutoConfigurationLogSummary(false);
        before.accept(main);
        try {
            main.start();
            then.accept(main);
        } finally {
            main.stop();
        }
    }
}
