package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.SimulatorClient.DAY;
import static io.github.camelmixpanel.export.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

    private MixpanelSimulator simulator =
            MixpanelSimulator.builder()
                    .serviceAccount("svc", "pass:word", "42")
                    .projectSecret("s3cret")
                    .accessToken("tok")
                    .limits(1000, 1000, 100)
                    .start();

    @AfterEach
    void close() {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "svc:pass:word, 42, 200",
        "svc:pass:word, 43, 403",
        "svc:pass:word, , 400",
        "svc:wrong, 42, 401",
        "s3cret:, , 200",
        "s3cret:, 7, 200",
        "s3cret, , 200",
        "s3cret:x, , 401",
        "tok:, , 401",
        "'', , 401",
    })
    void checksBasicCredentialsInBase64AndPlain(String plain, String project, int status)
            throws Exception {
        String query = project == null ? DAY : DAY + "&project_id=" + project;
        assertThat(get(query, "Basic " + base64(plain)).statusCode()).isEqualTo(status);
        assertThat(get(query, "Basic " + plain).statusCode()).isEqualTo(status);
    }

    @Test
    void checksABearerToken() throws Exception {
        assertThat(get(DAY, "Bearer tok").statusCode()).isEqualTo(200);
        assertThat(get(DAY, "Bearer s3cret").statusCode()).isEqualTo(401);
        assertThat(get(DAY, "Digest tok").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesAQueryWithoutCredentials() throws Exception {
        HttpResponse<byte[]> answer = new SimulatorClient(simulator).get(DAY);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(text(answer))
                .isEqualTo("{\"error\":\"Unable to authenticate request\",\"status\":\"error\"}");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void acceptsEveryCredentialAndNoneWhenNoneIsConfigured() throws Exception {
        simulator.close();
        simulator = MixpanelSimulator.builder().start();
        assertThat(new SimulatorClient(simulator).get(DAY).statusCode()).isEqualTo(200);
        assertThat(get(DAY, "Basic " + base64("any:thing")).statusCode()).isEqualTo(200);
    }

    @Test
    void knowsAServiceAccountOfSeveralProjectsAndRefusesOthersAs400Too() throws Exception {
        simulator.close();
        simulator =
                MixpanelSimulator.builder()
                        .serviceAccount("svc", "pass", "42")
                        .serviceAccount("svc", "pass", "43")
                        .badCredentials(400)
                        .start();
        String basic = "Basic " + base64("svc:pass");
        assertThat(get(DAY + "&project_id=42", basic).statusCode()).isEqualTo(200);
        assertThat(get(DAY + "&project_id=43", basic).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> refused = get(DAY + "&project_id=42", "Bearer svc");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("Unable to authenticate request");
    }

    @Test
    void changesItsMindAtRunTime() throws Exception {
        String renewed = "Basic " + base64("svc:renewed");
        assertThat(get(DAY, "Bearer tok").statusCode()).isEqualTo(200);
        simulator.refuseCredentials();
        assertThat(get(DAY, "Bearer tok").statusCode()).isEqualTo(401);
        simulator.acceptCredentials();
        assertThat(get(DAY, "Bearer tok").statusCode()).isEqualTo(200);
        assertThat(get(DAY + "&project_id=42", renewed).statusCode()).isEqualTo(401);
        simulator.acceptServiceAccount("svc", "renewed", "42");
        assertThat(get(DAY + "&project_id=42", renewed).statusCode()).isEqualTo(200);
    }

    @Test
    void keepsNoSecretInItsQueries() throws Exception {
        get(DAY, "Basic " + base64("s3cret:"));
        get(DAY, "Bearer s3cret");
        assertThat(simulator.queries())
                .extracting(query -> query.headers().get("authorization"))
                .containsExactly("Basic accepted", "Bearer refused");
        assertThat(simulator.queries().toString()).doesNotContain("s3cret", base64("s3cret:"));
    }

    private HttpResponse<byte[]> get(String query, String authorization) throws Exception {
        return new SimulatorClient(simulator).get(query, "Authorization", authorization);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
