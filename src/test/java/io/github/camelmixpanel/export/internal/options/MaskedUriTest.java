package io.github.camelmixpanel.export.internal.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.MixpanelExportEndpoint;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedUriTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:b                                         | a:b",
                "a:b?events=x&accessToken=T                  | a:b?events=x&accessToken=xxxxxx",
                "a:b?accessToken=T&events=x                  | a:b?accessToken=xxxxxx&events=x",
                "a:b?projectSecret=RAW(T&U)&events=x         | a:b?projectSecret=xxxxxx&events=x",
                "a:b?projectSecret=RAW(T)U&V=)&events=x      | a:b?projectSecret=xxxxxx&events=x",
                "a:b?projectSecret=RAW{T&U)}&events=x        | a:b?projectSecret=xxxxxx&events=x",
                "a:b?projectSecret=RAW(T                     | a:b?projectSecret=xxxxxx",
                "a:b?PROJECTSECRET=T&x=1                     | a:b?PROJECTSECRET=xxxxxx&x=1",
                "a:b?service-account-secret=T                | a:b?service-account-secret=xxxxxx",
                "a:b?serviceAccountSecret=T=U&serviceAccount=me | a:b?serviceAccountSecret=xxxxxx&serviceAccount=me",
                "a:b?proxyAuthUsername=T&proxyAuthPassword=U | a:b?proxyAuthUsername=xxxxxx&proxyAuthPassword=xxxxxx",
                "a:b?accessToken=&events=x                   | a:b?accessToken=xxxxxx&events=x",
                "a:b?where=properties[\"$x\"]=1&limit=5      | a:b?where=properties[\"$x\"]=1&limit=5",
            })
    void hidesValuesOfSecrets(String uri, String shown) {
        assertThat(MaskedUri.of(uri)).isEqualTo(shown);
    }

    @Test
    void endpointsThatDifferInTheirSecretsAreTwo() {
        CamelContext context = new DefaultCamelContext();
        MixpanelExportEndpoint one = endpoint(context, "one");
        MixpanelExportEndpoint two = endpoint(context, "two");

        assertThat(one.getEndpointUri()).isEqualTo(two.getEndpointUri());
        assertThat(one).isNotEqualTo(two);
        assertThat(one.getConfiguration().getAccessToken()).isEqualTo("one");
        assertThat(two.getConfiguration().getAccessToken()).isEqualTo("two");
        assertThat(endpoint(context, "one")).isSameAs(one);
        assertThat(context.getEndpoints()).hasSize(2);
        context.stop();
    }

    private static MixpanelExportEndpoint endpoint(CamelContext context, String token) {
        return context.getEndpoint(
                "mixpanel-export:test?fromDate=P1D&accessToken=" + token,
                MixpanelExportEndpoint.class);
    }
}
