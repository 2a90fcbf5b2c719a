package io.github.camelmixpanel.export.internal.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import io.github.camelmixpanel.export.internal.settings.DateRange;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import io.github.camelmixpanel.export.internal.settings.LateEventSettings;
import io.github.camelmixpanel.export.internal.settings.Limits;
import io.github.camelmixpanel.export.internal.settings.TaskSettings;
import io.github.camelmixpanel.export.option.BackfillOrder;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import io.github.camelmixpanel.export.option.Emit;
import io.github.camelmixpanel.export.option.LateEvents;
import io.github.camelmixpanel.export.option.OnBadLine;
import io.github.camelmixpanel.export.option.OnFailure;
import io.github.camelmixpanel.export.option.OnQueryChange;
import io.github.camelmixpanel.export.option.Region;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    private final List<String> warnings = new ArrayList<>();

    @Test
    void givesTheDocumentedDefaults() {
        ExportSettings settings = read(options -> {});

        assertThat(settings)
                .usingRecursiveComparison()
                .ignoringFields("source.credentials")
                .isEqualTo(
                        new ExportSettings(
                                "shop",
                                new ExportSettings.Source(
                                        URI.create("https://data.mixpanel.com"),
                                        null,
                                        new ExportQuery(List.of(), null, null, false, true)),
                                new ExportSettings.Windows(
                                        new DateRange(null, Period.ZERO, null),
                                        0,
                                        64L * 1024 * 1024,
                                        ZoneId.of("UTC"),
                                        BackfillOrder.OLDEST,
                                        new LateEventSettings(
                                                LateEvents.LOOKBACK,
                                                5,
                                                Duration.ofHours(1),
                                                Duration.ofHours(24),
                                                30)),
                                new ExportSettings.Dedupe(true, DedupeRecipe.MIXPANEL),
                                new ExportSettings.Downloads(
                                        2,
                                        new Limits(60, 3, 100),
                                        Duration.ofSeconds(30),
                                        5,
                                        Duration.ofSeconds(30),
                                        Duration.ofHours(2)),
                                new TaskSettings(
                                        Emit.EVENTS, Duration.ofSeconds(10), Duration.ofHours(3)),
                                new ExportSettings.Emission(
                                        256,
                                        1,
                                        0,
                                        false,
                                        OnBadLine.QUARANTINE,
                                        OnFailure.RETRY,
                                        5,
                                        8 * 1024 * 1024),
                                new ExportSettings.State(
                                        OnQueryChange.FAIL,
                                        Path.of(".mixpanel-export").toAbsolutePath(),
                                        20L * 1024 * 1024 * 1024,
                                        64L * 1024 * 1024,
                                        null)));
        assertThat(warnings).isEmpty();
    }

    @Test
    void countsAnEmptyOptionAsNotGiven() {
        ExportSettings settings =
                read(
                        options -> {
                            options.setProjectSecret("");
                            options.setAccessToken(" ");
                            options.setBaseUrl("");
                            options.setEvents("");
                            options.setWhere(" ");
                            options.setFromDate("");
                            options.setToDate("");
                        });

        assertThat(settings.query()).isEqualTo(new ExportQuery(List.of(), null, null, false, true));
        assertThat(settings.range()).isEqualTo(new DateRange(null, Period.ZERO, null));
        assertThat(settings.credentials().authorization()).startsWith("Basic ");
    }

    @ParameterizedTest
    @CsvSource({
        "US, https://data.mixpanel.com",
        "EU, https://data-eu.mixpanel.com",
        "IN, https://data-in.mixpanel.com"
    })
    void asksTheHostOfTheRegion(Region region, URI host) {
        assertThat(read(options -> options.setRegion(region)).baseUrl()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "https://proxy.example.com, https://proxy.example.com",
        "https://proxy.example.com:8443/, https://proxy.example.com:8443",
        "HTTPS://Proxy.Example.com:443, https://proxy.example.com",
        "http://localhost:8080, http://localhost:8080",
        "http://127.0.0.1:8080, http://127.0.0.1:8080",
        "http://[::1]:8080, http://[::1]:8080",
        "http://localhost:80, http://localhost"
    })
    void prefersTheBaseUrlToTheRegion(String baseUrl, URI asked) {
        assertThat(read(options -> options.setBaseUrl(baseUrl)).baseUrl()).isEqualTo(asked);
    }

    @Test
    void readsEventsFromACommaListOrAJsonArray() {
        assertThat(events("Sign Up, Purchase ,Sign Up")).containsExactly("Sign Up", "Purchase");
        assertThat(events(" [\"Sign Up\", \"Cart, emptied\"] "))
                .containsExactly("Sign Up", "Cart, emptied");
        assertThat(events("[\"[Adjust] Install\"]")).containsExactly("[Adjust] Install");
    }

    private List<String> events(String text) {
        return read(options -> options.setEvents(text)).query().events();
    }

    @Test
    void readsDatesAndPeriods() {
        assertThat(range("2026-10-01", "2026-10-01"))
                .isEqualTo(
                        new DateRange(LocalDate.of(2026, 10, 1), null, LocalDate.of(2026, 10, 1)));
        assertThat(range("P30D", null)).isEqualTo(new DateRange(null, Period.ofDays(30), null));
        assertThat(range("P1Y2M", "2026-10-01"))
                .isEqualTo(new DateRange(null, Period.of(1, 2, 0), LocalDate.of(2026, 10, 1)));
        assertThat(range(null, "2026-10-01"))
                .isEqualTo(new DateRange(null, Period.ZERO, LocalDate.of(2026, 10, 1)));
    }

    private DateRange range(String from, String to) {
        return read(options -> {
                    options.setFromDate(from);
                    options.setToDate(to);
                })
                .range();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1B, 1", "4096, 4096", "512KB, 524288", "8 mb, 8388608", "1GB, 1073741824"})
    void readsSizes(String text, int bytes) {
        ExportSettings settings =
                read(
                        options -> {
                            options.setMaxLineSize(text);
                            options.setMaxSpoolSize(text);
                        });

        assertThat(settings.emission().maxLineSize()).isEqualTo(bytes);
        assertThat(settings.maxSpoolSize()).isEqualTo(bytes);
    }

    @Test
    void takesEachKindOfCredential() {
        assertThat(read(options -> {}).credentials().projectId()).isEqualTo("123456");
        assertThat(read(SettingsReaderTest::tokenOnly).credentials().authorization())
                .isEqualTo("Bearer t0ken");
        assertThat(read(SettingsReaderTest::secretOnly).credentials().authorization())
                .isEqualTo("Basic czNjcmV0Og==");
    }

    private static void tokenOnly(MixpanelExportConfiguration options) {
        noCredential(options);
        options.setAccessToken("t0ken");
    }

    private static void secretOnly(MixpanelExportConfiguration options) {
        noCredential(options);
        options.setProjectSecret("s3cret");
    }

    private static void noCredential(MixpanelExportConfiguration options) {
        options.setServiceAccount(null);
        options.setServiceAccountSecret(null);
    }

    @Test
    void warnsOfTheProjectSecretAndOfTheLimit() {
        read(
                options -> {
                    secretOnly(options);
                    options.setLimit(100_000);
                });

        assertThat(warnings)
                .containsExactly(
                        "Option projectSecret is in use, and Mixpanel retires project secrets on 2027-03-03;"
                                + " move to a service account before that day",
                        "Option limit is 100000: each window is a sample of at most so many events, not the whole;"
                                + " leave limit out to export everything");
    }

    @ParameterizedTest
    @CsvSource({"shop/eu", "'shop eu'", "''", ".", "..", "größe"})
    void refusesANameThatIsNoDirectoryName(String name) {
        assertThatThrownBy(() -> new SettingsReader(warnings::add).read(name, complete()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The name in mixpanel-export:name is '"
                                + name
                                + "'; allowed are letters, digits, dots, underscores and hyphens, and not dots alone");
    }

    private ExportSettings read(Consumer<MixpanelExportConfiguration> change) {
        MixpanelExportConfiguration options = complete();
        change.accept(options);
        return new SettingsReader(warnings::add).read("shop", options);
    }

    static MixpanelExportConfiguration complete() {
        MixpanelExportConfiguration options = new MixpanelExportConfiguration();
        options.setServiceAccount("export.abc.mp-service-account");
        options.setServiceAccountSecret("s3cret");
        options.setProjectId("123456");
        return options;
    }
}
