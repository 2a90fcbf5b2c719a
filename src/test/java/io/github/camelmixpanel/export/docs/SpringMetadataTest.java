package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelmixpanel.export.MixpanelExportAutoConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;

/**
 * What editors complete in application.properties of Spring Boot are the options of the component.
 * With {@code -Dupdate.docs=true} the file is written.
 */
class SpringMetadataTest {

    private static final Path FILE =
            Path.of("src/generated/resources/META-INF/spring-configuration-metadata.json");
    private static final String PREFIX = "camel.component.mixpanel-export";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode groups = root.putArray("groups");
    private final ArrayNode properties = root.putArray("properties");
    private final ArrayNode hints = root.putArray("hints");

    @Test
    void isThatOfTheCode() throws IOException {
        groups.addObject()
                .put("name", PREFIX)
                .put("type", MixpanelExportAutoConfiguration.class.getName());
        add("enabled", "java.lang.Boolean", "Whether to set options of the component from these.")
                .put("defaultValue", true);
        add(
                        "customizer.enabled",
                        "java.lang.Boolean",
                        "Whether a customizer may set options of the component.")
                .put("defaultValue", true);
        options().forEach(this::add);
        String expected = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(FILE, expected);
        } else {
            assertThat(FILE)
                    .as("to write it: mvn test -Dtest=SpringMetadataTest -Dupdate.docs=true")
                    .hasContent(expected);
        }
    }

    private static Stream<Metadata.Entry> options() throws IOException {
        return Metadata.ofTheComponent().entries("componentProperties");
    }

    private void add(Metadata.Entry option) {
        JsonNode json = option.json();
        String name = kebab(option.name());
        ObjectNode property = add(name, type(json), json.path("description").asText());
        if (json.has("defaultValue")) {
            property.set("defaultValue", json.get("defaultValue"));
        }
        if (json.has("enum")) {
            ArrayNode values =
                    hints.addObject().put("name", PREFIX + "." + name).putArray("values");
            json.get("enum").forEach(it -> values.addObject().set("value", it));
        }
    }

    private ObjectNode add(String name, String type, String description) {
        return properties
                .addObject()
                .put("name", PREFIX + "." + name)
                .put("type", type)
                .put("description", description)
                .put("sourceType", MixpanelExportAutoConfiguration.class.getName());
    }

    private static String type(JsonNode option) {
        return switch (option.path("type").asText()) {
            case "duration" -> "java.time.Duration";
            case "integer" -> "java.lang.Integer";
            case "boolean" -> "java.lang.Boolean";
            default -> option.path("javaType").asText();
        };
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void isReadBySpring() throws IOException {
        Map<String, ConfigurationMetadataProperty> read;
        try (InputStream in = Files.newInputStream(FILE)) {
            read = ConfigurationMetadataRepositoryJsonBuilder.create(in).build().getAllProperties();
        }

        assertThat(read).hasSize((int) options().count() + 2);
        ConfigurationMetadataProperty region = read.get(PREFIX + ".region");
        assertThat(region.getDefaultValue()).isEqualTo("US");
        assertThat(region.getHints().getValueHints())
                .extracting(it -> it.getValue())
                .containsExactly("US", "EU", "IN");
        assertThat(read.get(PREFIX + ".window-timeout").getType()).isEqualTo("java.time.Duration");
        assertThat(read.values())
                .allSatisfy(
                        it -> {
                            assertThat(it.getName()).matches("[a-z.-]+");
                            assertThat(it.getDescription()).isNotBlank();
                            assertThat(it.getType()).contains(".").doesNotContain("<");
                        });
    }
}
