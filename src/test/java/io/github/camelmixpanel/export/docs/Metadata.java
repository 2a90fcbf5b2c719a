package io.github.camelmixpanel.export.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The component's generated metadata: what Camel's tools know of it. */
public final class Metadata {

    private static final String RESOURCE =
            "/META-INF/io/github/camelmixpanel/export/mixpanel-export.json";

    /** One option or header of the metadata. */
    public record Entry(String name, JsonNode json) {

        String group() {
            return json.path("group").asText();
        }

        String shownName() {
            return json.path("multiValue").asBoolean() ? json.path("prefix").asText() + "…" : name;
        }

        String shownType() {
            if (json.has("enum")) {
                return StreamSupport.stream(json.get("enum").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(", "));
            }
            String javaType = json.path("javaType").asText();
            String type = json.path("type").asText();
            return type.equals("object") || type.isEmpty()
                    ? javaType.substring(javaType.lastIndexOf('.') + 1).replace(">", "")
                    : type;
        }

        String shownDefault() {
            return json.has("defaultValue") ? "`" + json.get("defaultValue").asText() + "`" : "";
        }

        String description() {
            String secret = json.path("secret").asBoolean() ? " Secret." : "";
            return json.path("description").asText().replace("|", "\\|") + secret;
        }

        /** Whether it is the part of the URI before the options. */
        boolean isPath() {
            return json.path("kind").asText().equals("path");
        }

        String firstSentence() {
            String description = description();
            int end = description.indexOf(". ");
            String first = end < 0 ? description : description.substring(0, end);
            return first.endsWith(".") ? first : first + ".";
        }
    }

    private final JsonNode json;

    private Metadata(JsonNode json) {
        this.json = json;
    }

    public static Metadata ofTheComponent() throws IOException {
        return new Metadata(new ObjectMapper().readTree(json()));
    }

    /** The metadata as it is in the jar. */
    static String json() throws IOException {
        try (InputStream json = Metadata.class.getResourceAsStream(RESOURCE)) {
            return new String(json.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * @param section componentProperties, headers or properties
     */
    public Stream<Entry> entries(String section) {
        return json.get(section).properties().stream()
                .map(property -> new Entry(property.getKey(), property.getValue()));
    }

    boolean isEndpointOption(String name) {
        return json.get("properties").has(name);
    }
}
