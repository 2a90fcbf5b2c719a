package io.github.camelmixpanel.export.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a folder of the form of Kaoto's own catalog. */
class KaotoCatalogTest {

    @TempDir private Path folder;

    @BeforeEach
    void haveACatalog() throws IOException {
        write(
                "index.json",
                """
                {"definitions":[
                {"name":"Camel Main 4.18.4","fileName":"camel-main/index-1.json",\
                "camelCatalogVersion":"4.18.4"},
                {"name":"Camel Main 4.14.9","fileName":"old/index-2.json",\
                "camelCatalogVersion":"4.14.9"},
                {"name":"Citrus","fileName":"citrus/index-3.json","camelCatalogVersion":null}]}""");
        String index =
                """
                {"catalogs":{"components":{"file":"components-1.json"},\
                "kamelets":{"file":"kamelets-1.json"}}}""";
        write("camel-main/index-1.json", index);
        write("old/index-2.json", index);
        write("citrus/index-3.json", "{\"catalogs\":{\"entities\":{\"file\":\"x\"}}}");
        for (String each : List.of("camel-main", "old")) {
            write(each + "/components-1.json", "{\"file\":{\"component\":{\"name\":\"file\"}}}");
            write(each + "/kamelets-1.json", "{\"timer-source\":{\"kind\":\"Kamelet\"}}");
        }
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }

    private JsonNode read(String file) throws IOException {
        return new JsonMapper().readTree(folder.resolve(file).toFile());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void getsTheComponentWithItsOptions() throws Exception {
        assertThat(new KaotoCatalog(folder).add()).containsExactly("Camel Main 4.18.4");

        JsonNode components = read("camel-main/components-1.json");
        assertThat(names(components)).containsExactly("file", "mixpanel-export");
        JsonNode added = components.path("mixpanel-export");
        assertThat(names(added))
                .containsExactly(
                        "component",
                        "componentProperties",
                        "headers",
                        "properties",
                        "propertiesSchema");
        JsonNode schema = added.path("propertiesSchema");
        assertThat(schema.at("/required/0").asText()).isEqualTo("name");
        assertThat(names(schema.path("properties"))).isEqualTo(names(added.path("properties")));
        JsonNode late = schema.at("/properties/lateEvents");
        assertThat(late.path("type").asText()).isEqualTo("string");
        assertThat(late.path("enum")).extracting(JsonNode::asText).contains("ARRIVAL", "LOOKBACK");
        assertThat(late.path("default").asText()).isEqualTo("LOOKBACK");
        assertThat(schema.at("/properties/deduplicate/type").asText()).isEqualTo("boolean");
        assertThat(schema.at("/properties/maxRetries/type").asText()).isEqualTo("integer");
        assertThat(schema.at("/properties/retryDelay/format").asText()).isEqualTo("duration");
        assertThat(schema.at("/properties/serviceAccountSecret/format").asText())
                .isEqualTo("password");
        assertThat(schema.at("/properties/dataSource/format").asText())
                .isEqualTo("bean:javax.sql.DataSource");
    }

    @Test
    void getsTheKamelet() throws Exception {
        new KaotoCatalog(folder).add();

        JsonNode kamelets = read("camel-main/kamelets-1.json");
        assertThat(names(kamelets)).containsExactly("timer-source", "mixpanel-export-source");
        JsonNode added = kamelets.path("mixpanel-export-source");
        assertThat(added.at("/metadata/labels/camel.apache.org~1kamelet.type").asText())
                .isEqualTo("source");
        assertThat(added.at("/propertiesSchema/title").asText())
                .isEqualTo("Mixpanel Export Source");
        assertThat(added.at("/propertiesSchema/required"))
                .extracting(JsonNode::asText)
                .contains("projectId");
        assertThat(added.at("/propertiesSchema/properties/projectId/title").asText())
                .isEqualTo("Project Id");
    }

    @Test
    void leavesAnOlderCamelAloneAndMayBeRunAgain() throws Exception {
        new KaotoCatalog(folder).add();
        JsonNode once = read("camel-main/components-1.json");
        new KaotoCatalog(folder).add();

        assertThat(read("camel-main/components-1.json")).isEqualTo(once);
        assertThat(names(read("old/components-1.json"))).containsExactly("file");
    }

    @Test
    void saysWhatItExpects() {
        assertThatThrownBy(() -> KaotoCatalog.main(new String[] {"elsewhere"}))
                .hasMessage(
                        "expected the folder of a Kaoto catalog, which has an index.json;"
                                + " found: [elsewhere]");
    }

    @Test
    void saysThatItHasNoCamelToAddItTo() throws Exception {
        write("index.json", "{\"definitions\":[]}");

        assertThatThrownBy(() -> new KaotoCatalog(folder).add())
                .hasMessageStartingWith("expected a catalog of Camel 4.18 or later in ");
    }
}
