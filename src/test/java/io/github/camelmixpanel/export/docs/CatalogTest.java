package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.MixpanelExportComponent;
import io.github.camelmixpanel.export.docs.EndpointUris.Found;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.catalog.ConfigurationPropertiesValidationResult;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Camel's tools understand the component, and everything the project writes of it is right in their
 * eyes.
 */
class CatalogTest {

    private final DefaultCamelCatalog catalog = new DefaultCamelCatalog();

    @BeforeEach
    void addTheComponent() throws IOException {
        catalog.addComponent(
                "mixpanel-export", MixpanelExportComponent.class.getName(), Metadata.json());
    }

    @Test
    void knowsTheComponent() throws Exception {
        assertThat(catalog.findComponentNames()).contains("mixpanel-export");
        assertThat(catalog.componentJSonSchema("mixpanel-export")).isEqualTo(Metadata.json());
        assertThat(
                        catalog.asEndpointUri(
                                "mixpanel-export",
                                Map.of("name", "shop", "windowDays", "7"),
                                false))
                .isEqualTo("mixpanel-export:shop?windowDays=7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            mixpanel-export:shop?windwDays=7          | windwDays
            mixpanel-export:shop?maxRetries=seven     | maxRetries
            mixpanel-export:shop?region=MARS          | region
            mixpanel-export:shop?scheduler=quartz&a=b | a
            """)
    void refusesAWrongUri(String uri, String wrong) throws Exception {
        assertThat(complaint(new Found(uri, Map.of())))
                .hasValueSatisfying(c -> assertThat(c).contains(wrong));
    }

    @Test
    void refusesAWrongParameterBesideTheUri() throws Exception {
        EndpointUris found = new EndpointUris();
        found.add(
                "md",
                """
                ```yaml
                - route:
                    from:
                      uri: mixpanel-export:shop
                      parameters:
                        regoin: EU
                ```
                """);

        assertThat(found.uris()).hasSize(1);
        assertThat(complaint(found.uris().get(0)))
                .hasValueSatisfying(c -> assertThat(c).contains("regoin"));
    }

    @Test
    void findsUrisInEachKindOfText() {
        EndpointUris found = new EndpointUris();
        found.add("xml", "<from uri=\"mixpanel-export:a?where=1&lt;2&amp;limit=1\"/>");
        found.add(
                "md", "text\n```java\nfrom(\"mixpanel-export:b\"\n        + \"?limit=1\")\n```\n");
        found.add("yaml", "- from: {uri: 'mixpanel-export', parameters: {name: c, limit: 1}}");
        found.add("yaml", "- from: {uri: 'master:all:mixpanel-export:e', parameters: {limit: 1}}");
        found.add("yaml", "- steps: [{to: 'mixpanel-export:f?limit=1'}]");
        found.add("java", "from(\"master:all:mixpanel-export:g\")");
        found.add("properties", "# no\ncamel.component.mixpanel-export.region = EU\n");

        assertThat(found.uris())
                .containsExactly(
                        new Found("mixpanel-export:a?where=1<2&limit=1", Map.of()),
                        new Found("mixpanel-export:b?limit=1", Map.of()),
                        new Found("mixpanel-export", Map.of("name", "c", "limit", "1")),
                        new Found("mixpanel-export:e", Map.of("limit", "1")),
                        new Found("mixpanel-export:f?limit=1", Map.of()),
                        new Found("mixpanel-export:g", Map.of()));
        assertThat(found.properties())
                .containsExactly("camel.component.mixpanel-export.region = EU");
    }

    @Test
    void everyUriInRoutesAndDocumentsIsRight() throws Exception {
        EndpointUris found = new EndpointUris();
        for (Path file : documents()) {
            String name = file.getFileName().toString();
            found.add(name.substring(name.lastIndexOf('.') + 1), Files.readString(file));
        }

        assertThat(found.uris()).isNotEmpty();
        for (Found uri : found.uris()) {
            assertThat(complaint(uri)).as(uri.toString()).isEmpty();
        }
        for (String property : found.properties()) {
            ConfigurationPropertiesValidationResult result =
                    catalog.validateConfigurationProperty(property);
            assertThat(result.isSuccess()).as(result.summaryErrorMessage(false)).isTrue();
        }
    }

    private static List<Path> documents() throws IOException {
        Stream<Path> files = Stream.of(Path.of("README.md"));
        for (String folder : List.of("routes", "examples", "docs", "src/main/resources/kamelets")) {
            if (Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> inside = Files.walk(Path.of(folder))) {
                    files =
                            Stream.concat(
                                    files, inside.filter(CatalogTest::isSource).toList().stream());
                }
            }
        }
        return files.toList();
    }

    private static boolean isSource(Path file) {
        return file.toString().matches(".*\\.(md|xml|yaml|java|properties)")
                && !file.toString().matches(".*\\btarget\\b.*");
    }

    /**
     * What the catalog has against a URI. It takes scheduler=quartz for a bean reference, which it
     * may also be.
     */
    private Optional<String> complaint(Found found) throws URISyntaxException {
        String uri = found.uri();
        if (!found.parameters().isEmpty()) {
            Map<String, String> all = new LinkedHashMap<>(catalog.endpointProperties(uri));
            all.putAll(found.parameters());
            uri = catalog.asEndpointUri("mixpanel-export", all, false);
        }
        EndpointValidationResult result = catalog.validateEndpointProperties(uri);
        if (result.getInvalidReference() != null
                && List.of("quartz", "spring")
                        .contains(result.getInvalidReference().get("scheduler"))) {
            result.getInvalidReference().remove("scheduler");
        }
        boolean right =
                result.isSuccess()
                        || result.getNumberOfErrors() == 1
                                && result.getInvalidReference() != null
                                && result.getInvalidReference().isEmpty();
        return right ? Optional.empty() : Optional.of(result.summaryErrorMessage(true));
    }
}
