package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.Region;
import java.net.URI;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixpanelExportEndpointTest {

    private static final String ACCESS =
            "?serviceAccount=export&serviceAccountSecret=s3cret&projectId=123456";

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void takesItsOptionsFromTheUri() {
        MixpanelExportConfiguration options =
                endpoint(
                                "mixpanel-export:shop"
                                        + ACCESS
                                        + "&region=EU&fromDate=P30D&windowDays=7&backfillOrder=NEWEST&connectTimeout=5s&responseTimeout=1m"
                                        + "&timeInMs=true&limit=10&events=Sign Up,Purchase&maxLineSize=1MB&lateEvents=NONE")
                        .getConfiguration();

        assertThat(options.getRegion()).isEqualTo(Region.EU);
        assertThat(options.getFromDate()).isEqualTo("P30D");
        assertThat(options.getWindowDays()).isEqualTo("7");
        assertThat(options.getBackfillOrder()).isEqualTo(BackfillOrder.NEWEST);
        assertThat(options.getConnectTimeout()).isEqualTo(5_000);
        assertThat(options.getResponseTimeout()).isEqualTo(60_000);
        assertThat(options.isTimeInMs()).isTrue();
        assertThat(options.getLimit()).isEqualTo(10);
        assertThat(options.getEvents()).isEqualTo("Sign Up,Purchase");
        assertThat(options.getMaxLineSize()).isEqualTo("1MB");
    }

    @Test
    void keepsASecretOfAnyCharactersThatIsRaw() {
        MixpanelExportEndpoint endpoint =
                endpoint(
                        "mixpanel-export:shop?serviceAccount=export&serviceAccountSecret=RAW(a+b&c%20d)&projectId=123456");

        assertThat(endpoint.getConfiguration().getServiceAccountSecret()).isEqualTo("a+b&c%20d");
    }

    @Test
    void resolvesPropertyPlaceholders() {
        context.getPropertiesComponent().addInitialProperty("mixpanel.secret", "a+b&c");
        context.getPropertiesComponent().addInitialProperty("mixpanel.days", "3");

        MixpanelExportConfiguration options =
                endpoint(
                                "mixpanel-export:shop?serviceAccount=export&projectId=123456"
                                        + "&serviceAccountSecret=RAW({{mixpanel.secret}})&windowDays={{mixpanel.days}}"
                                        + "&region={{mixpanel.region:IN}}")
                        .getConfiguration();

        assertThat(options.getServiceAccountSecret()).isEqualTo("a+b&c");
        assertThat(options.getWindowDays()).isEqualTo("3");
        assertThat(options.getRegion()).isEqualTo(Region.IN);
    }

    @Test
    void showsNoSecretInItsTextForm() {
        String shown =
                endpoint(
                                "mixpanel-export:shop?serviceAccount=export&serviceAccountSecret=s3cret1"
                                        + "&projectSecret=s3cret2&accessToken=s3cret3&proxyAuthPassword=s3cret4")
                        .toString();

        assertThat(shown).contains("serviceAccountSecret=xxxxxx").doesNotContain("s3cret");
    }

    @Test
    void givesEachEndpointAConfigurationOfItsOwn() {
        MixpanelExportComponent component =
                context.getComponent("mixpanel-export", MixpanelExportComponent.class);
        component.getConfiguration().setRegion(Region.EU);

        MixpanelExportEndpoint first = endpoint("mixpanel-export:first" + ACCESS + "&windowDays=7");
        MixpanelExportEndpoint second = endpoint("mixpanel-export:second" + ACCESS);

        assertThat(first.getConfiguration().getWindowDays()).isEqualTo("7");
        assertThat(second.getConfiguration().getWindowDays()).isEqualTo("auto");
        assertThat(second.getConfiguration().getRegion()).isEqualTo(Region.EU);
        assertThat(component.getConfiguration().getWindowDays()).isEqualTo("auto");
    }

    @Test
    void refusesAnOptionThatDoesNotExist() {
        assertThatThrownBy(() -> startRoute("mixpanel-export:shop" + ACCESS + "&wndowDays=7"))
                .isInstanceOf(FailedToCreateRouteException.class)
                .hasRootCauseInstanceOf(ResolveEndpointFailedException.class)
                .rootCause()
                .hasMessageContaining("Unknown parameters=[{wndowDays=7}]");
    }

    @ParameterizedTest
    @CsvSource({
        "lookbackDays, a week",
        "maxRetries, five",
        "queriesPerHour, 1h",
        "limit, 99999999999",
        "maxInFlight, ''"
    })
    void refusesWhatIsNoNumber(String option, String value) {
        assertThatThrownBy(
                        () ->
                                endpoint(
                                        "mixpanel-export:shop"
                                                + ACCESS
                                                + "&"
                                                + option
                                                + "="
                                                + value))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .rootCause()
                .hasMessage(
                        "Option "
                                + option
                                + " is '"
                                + value
                                + "'; allowed is a whole number of at most 9 digits");
    }

    @ParameterizedTest
    @CsvSource({
        "connectTimeout, soon",
        "responseTimeout, 1w",
        "windowTimeout, 2 h",
        "retryDelay, 1.5h"
    })
    void refusesWhatIsNoTime(String option, String value) {
        assertThatThrownBy(
                        () ->
                                endpoint(
                                        "mixpanel-export:shop"
                                                + ACCESS
                                                + "&"
                                                + option
                                                + "="
                                                + value))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .rootCause()
                .hasMessage(
                        "Option "
                                + option
                                + " is '"
                                + value
                                + "'; allowed is a time such as 500ms, 30s, 10m or 2h30m");
    }

    @ParameterizedTest
    @CsvSource({"90000, 90000", "1m30s, 90000", "2h, 7200000", "500ms, 500", "PT1M30S, 90000"})
    void readsTimes(String text, long millis) {
        assertThat(
                        endpoint("mixpanel-export:shop" + ACCESS + "&windowTimeout=" + text)
                                .getConfiguration()
                                .getWindowTimeout())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "region, MARS, 'US, EU, IN'",
        "lateEvents, ALL, 'LOOKBACK, ARRIVAL, NONE'",
        "dedupeKey, TIME, 'MIXPANEL, INSERT_ID'"
    })
    void namesAnOptionThatIsNoneOfItsValues(String option, String value, String allowed) {
        assertThatThrownBy(
                        () ->
                                endpoint(
                                        "mixpanel-export:shop"
                                                + ACCESS
                                                + "&"
                                                + option
                                                + "="
                                                + value))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .rootCause()
                .hasMessage("Option " + option + " is '" + value + "'; allowed is " + allowed);
    }

    @Test
    void takesAChoiceInSmallLettersToo() throws Exception {
        assertThat(
                        endpoint("mixpanel-export:shop" + ACCESS + "&region=eu")
                                .getConfiguration()
                                .getRegion())
                .isEqualTo(Region.EU);
    }

    @Test
    void refusesAWrongOptionWhenTheRouteStarts() {
        assertThatThrownBy(() -> startRoute("mixpanel-export:shop" + ACCESS + "&fromDate=soon"))
                .isInstanceOf(FailedToStartRouteException.class)
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Option fromDate is 'soon'; allowed is a date such as 2026-10-31");
    }

    @Test
    void refusesAWrongOptionWhenAProducerIsMade() {
        assertThatThrownBy(
                        () ->
                                endpoint("mixpanel-export:shop" + ACCESS + "&fromDate=soon")
                                        .createProducer())
                .hasMessageStartingWith("Option fromDate is 'soon'");
    }

    @Test
    void pollsEvery15MinutesUnlessTold() throws Exception {
        assertThat(delayInMillis("")).isEqualTo(TimeUnit.MINUTES.toMillis(15));
        assertThat(delayInMillis("&timeUnit=SECONDS")).isEqualTo(TimeUnit.MINUTES.toMillis(15));
        assertThat(delayInMillis("&delay=5m")).isEqualTo(TimeUnit.MINUTES.toMillis(5));
        assertThat(delayInMillis("&delay=5&timeUnit=HOURS")).isEqualTo(TimeUnit.HOURS.toMillis(5));
    }

    private long delayInMillis(String options) throws Exception {
        ScheduledPollConsumer consumer = consumer(options);
        return consumer.getTimeUnit().toMillis(consumer.getDelay());
    }

    @Test
    void givesACronScheduleTheTimeZoneOfTheWindows() throws Exception {
        String cron = "&scheduler=quartz&scheduler.cron=0+0+6+*+*+?";

        assertThat(consumer("&timeZone=Europe/Berlin" + cron).getSchedulerProperties())
                .isEqualTo(
                        Map.of(
                                "cron",
                                "0 0 6 * * ?",
                                "timeZone",
                                TimeZone.getTimeZone("Europe/Berlin")));
        assertThat(
                        consumer("&timeZone=Europe/Berlin&scheduler.timeZone=Asia/Tokyo" + cron)
                                .getSchedulerProperties())
                .isEqualTo(Map.of("cron", "0 0 6 * * ?", "timeZone", "Asia/Tokyo"));
        assertThat(consumer("&timeZone=Europe/Berlin").getSchedulerProperties()).isNull();
    }

    private ScheduledPollConsumer consumer(String options) throws Exception {
        return (ScheduledPollConsumer)
                endpoint("mixpanel-export:shop" + ACCESS + options).createConsumer(exchange -> {});
    }

    @Test
    void usesTheGlobalTlsParametersOnlyWhenTold() {
        SSLContextParameters global = new SSLContextParameters();
        SSLContextParameters own = new SSLContextParameters();
        context.setSSLContextParameters(global);
        context.getRegistry().bind("own", own);
        assertThat(
                        endpoint("mixpanel-export:a" + ACCESS)
                                .getConfiguration()
                                .getSslContextParameters())
                .isNull();

        context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setUseGlobalSslContextParameters(true);

        assertThat(
                        endpoint("mixpanel-export:b" + ACCESS)
                                .getConfiguration()
                                .getSslContextParameters())
                .isSameAs(global);
        assertThat(
                        endpoint("mixpanel-export:c" + ACCESS + "&sslContextParameters=#own")
                                .getConfiguration()
                                .getSslContextParameters())
                .isSameAs(own);
    }

    @Test
    void tellsTheServiceItAsks() {
        MixpanelExportEndpoint endpoint = endpoint("mixpanel-export:shop" + ACCESS + "&region=EU");

        assertThat(URI.create(endpoint.getServiceUrl())).isEqualTo(Region.EU.baseUrl());
        assertThat(endpoint.getServiceProtocol()).isEqualTo("https");
    }

    private MixpanelExportEndpoint endpoint(String uri) {
        return context.getEndpoint(uri, MixpanelExportEndpoint.class);
    }

    private void startRoute(String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).to("mock:events");
                    }
                });
        context.start();
    }
}
