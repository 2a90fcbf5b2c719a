package io.github.camelmixpanel.export.internal.options;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Credentials and hosts that an export does not start with, and what it says. No message holds a
 * secret.
 */
class AccessRefusalTest {

    @ParameterizedTest(name = "{1}")
    @MethodSource("rows")
    void refuses(Consumer<MixpanelExportConfiguration> change, String message) {
        MixpanelExportConfiguration options = SettingsReaderTest.complete();
        change.accept(options);

        assertThatThrownBy(() -> new SettingsReader(warning -> {}).read("shop", options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message)
                .message()
                .doesNotContain("s3cret", "t0ken");
    }

    private static final String CHOICE =
            "give one of serviceAccount (with serviceAccountSecret), projectSecret, accessToken";

    private static final String NO_PROJECT =
            "Option projectId is missing; give the number of the project, which Mixpanel shows under Project"
                    + " Settings: quota and state belong to it, whatever the credential";

    static Stream<Arguments> rows() {
        return Stream.of(
                row(AccessRefusalTest::noCredential, "There is no credential; " + CHOICE),
                row(
                        o -> o.setProjectSecret("s3cret"),
                        "There is more than one credential: serviceAccount, projectSecret; "
                                + CHOICE),
                row(
                        o -> {
                            noCredential(o);
                            o.setProjectSecret("s3cret");
                            o.setServiceAccountSecret("s3cret");
                            o.setAccessToken("t0ken");
                        },
                        "There is more than one credential: serviceAccount, projectSecret, accessToken; "
                                + CHOICE),
                row(o -> o.setProjectId(null), NO_PROJECT),
                row(
                        o -> {
                            noCredential(o);
                            o.setProjectSecret("s3cret");
                            o.setProjectId(" ");
                        },
                        NO_PROJECT),
                row(
                        o -> {
                            noCredential(o);
                            o.setAccessToken("t0ken");
                            o.setProjectId(null);
                        },
                        NO_PROJECT),
                row(
                        o -> o.setServiceAccountSecret(null),
                        "Option serviceAccountSecret is missing; a service account needs its secret"),
                row(
                        o -> o.setServiceAccount(null),
                        "Option serviceAccount is missing; serviceAccountSecret is the secret of a service account"
                                + " and needs its user name"),
                row(
                        o -> o.setServiceAccount("export:s3cret"),
                        "Option serviceAccount holds a colon; give the user name alone, and its secret in"
                                + " serviceAccountSecret"),
                row(
                        o -> o.setProjectId("../123"),
                        "Option projectId is '../123'; allowed is the number of a project, which Mixpanel shows"
                                + " under Project Settings"),
                row(
                        o -> o.setServiceAccount("${MIXPANEL_SERVICE_ACCOUNT}"),
                        "Option serviceAccount is a placeholder that nothing has resolved; set the variable or"
                                + " property that it names"),
                row(
                        o -> o.setServiceAccountSecret("{{env:SECRET}}"),
                        "Option serviceAccountSecret is a placeholder that nothing has resolved; set the"
                                + " variable or property that it names"),
                row(
                        o -> o.setServiceAccount("export\r\nHost: evil"),
                        "Option serviceAccount holds a control character, such as a line end; remove it"),
                row(
                        o -> o.setServiceAccountSecret("s3cret\n"),
                        "Option serviceAccountSecret holds a control character, such as a line end; remove it"),
                row(
                        o -> {
                            noCredential(o);
                            o.setProjectSecret("s3cret\r");
                        },
                        "Option projectSecret holds a control character, such as a line end; remove it"),
                row(
                        o -> {
                            noCredential(o);
                            o.setAccessToken("t0ken\r\nHost: evil");
                        },
                        "Option accessToken holds a control character, such as a line end; remove it"),
                row(
                        o -> {
                            noCredential(o);
                            o.setAccessToken("Bearer t0ken");
                        },
                        "Option accessToken contains a character that is not allowed in a bearer token, such as a space;"
                                + " give the token alone, without the word Bearer"),
                row(o -> o.setRegion(null), "Option region is 'null'; allowed is US, EU or IN"),
                row(
                        o -> o.setBaseUrl("http://mixpanel.example.com"),
                        "Option baseUrl is 'http://mixpanel.example.com'; allowed is https; plain http would show the"
                                + " credentials, except to localhost, 127.x.x.x and [::1]"),
                row(
                        o -> o.setBaseUrl("http://127.0.0.1.example.com"),
                        "Option baseUrl is 'http://127.0.0.1.example.com'; allowed is https; plain http would show the"
                                + " credentials, except to localhost, 127.x.x.x and [::1]"),
                baseUrlRow("https://mixpanel.example.com/api"),
                baseUrlRow("ftp://mixpanel.example.com"),
                baseUrlRow("mixpanel.example.com"),
                baseUrlRow("https://mixpanel.example.com:70000"),
                baseUrlRow("https://mixpanel example.com"),
                baseUrlRow("https:///"),
                hiddenBaseUrlRow("https://me:s3cret@mixpanel.example.com"),
                hiddenBaseUrlRow("https://mixpanel.example.com?token=s3cret"),
                hiddenBaseUrlRow("https://mixpanel.example.com#s3cret"));
    }

    private static Arguments baseUrlRow(String baseUrl) {
        return row(
                o -> o.setBaseUrl(baseUrl),
                "Option baseUrl is '"
                        + baseUrl
                        + "'; allowed is a scheme, a host and an optional port,"
                        + " such as https://mixpanel.example.com:8443");
    }

    private static Arguments hiddenBaseUrlRow(String baseUrl) {
        return row(
                o -> o.setBaseUrl(baseUrl),
                "Option baseUrl holds user info, a query or a fragment; allowed is a scheme, a host and an optional"
                        + " port, such as https://mixpanel.example.com:8443");
    }

    private static void noCredential(MixpanelExportConfiguration options) {
        options.setServiceAccount(null);
        options.setServiceAccountSecret(null);
    }

    private static Arguments row(Consumer<MixpanelExportConfiguration> change, String message) {
        return arguments(change, message);
    }
}
