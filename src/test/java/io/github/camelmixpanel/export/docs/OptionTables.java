package io.github.camelmixpanel.export.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Renders the component's generated metadata, and so the annotations in its code, as Markdown
 * tables.
 */
final class OptionTables {

    private static final String METADATA =
            "/META-INF/io/github/camelmixpanel/export/mixpanel-export.json";

    /**
     * Headings for our own options, in the order of the document, over the groups of the metadata.
     */
    private static final Map<String, List<String>> OUR_GROUPS = ourGroups();

    private static Map<String, List<String>> ourGroups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Access", List.of("access", "access (advanced)", "security"));
        groups.put("Query", List.of("query"));
        groups.put("Windows", List.of("windows"));
        groups.put("Late events", List.of("late events"));
        groups.put("Work", List.of("work"));
        groups.put("Emission", List.of("emission"));
        groups.put("Duplicates", List.of("duplicates"));
        groups.put("Trouble", List.of("trouble"));
        groups.put("State", List.of("state"));
        groups.put("Producer", List.of("producer"));
        groups.put("Transport", List.of("transport", "proxy"));
        return groups;
    }

    /** One option or header of the metadata. */
    private record Entry(String name, JsonNode json) {

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

        String firstSentence() {
            String description = description();
            int end = description.indexOf(". ");
            String first = end < 0 ? description : description.substring(0, end);
            return first.endsWith(".") ? first : first + ".";
        }
    }

    private final JsonNode metadata;

    private OptionTables(JsonNode metadata) {
        this.metadata = metadata;
    }

    static OptionTables ofTheComponent() throws IOException {
        return new OptionTables(new ObjectMapper().readTree(json()));
    }

    /** The metadata as it is in the jar. */
    static String json() throws IOException {
        try (InputStream json = OptionTables.class.getResourceAsStream(METADATA)) {
            return new String(json.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Our options by group, those of the component alone, and Camel's own in short. */
    String options() {
        StringBuilder markdown = new StringBuilder();
        OUR_GROUPS.forEach(
                (heading, groups) -> {
                    heading(markdown, heading);
                    entries("properties")
                            .filter(option -> groups.contains(option.group()))
                            .forEach(option -> row(markdown, option, option.description()));
                });
        heading(markdown, "On the component only");
        entries("componentProperties")
                .filter(option -> option.group().equals("security"))
                .filter(option -> !metadata.get("properties").has(option.name()))
                .forEach(option -> row(markdown, option, option.description()));
        heading(markdown, "Schedule and errors, Camel's own");
        entries("properties")
                .filter(option -> !isOurs(option))
                .filter(option -> !option.json().path("kind").asText().equals("path"))
                .forEach(option -> row(markdown, option, option.firstSentence()));
        return markdown.toString().strip();
    }

    private static boolean isOurs(Entry option) {
        return OUR_GROUPS.values().stream().anyMatch(groups -> groups.contains(option.group()));
    }

    String headers() {
        StringBuilder markdown = new StringBuilder("| header | type | meaning |\n|---|---|---|\n");
        entries("headers")
                .forEach(
                        header ->
                                markdown.append(
                                        "| `%s` | %s | %s |\n"
                                                .formatted(
                                                        header.name(),
                                                        header.shownType(),
                                                        header.description())));
        return markdown.toString().strip();
    }

    private Stream<Entry> entries(String section) {
        return metadata.get(section).properties().stream()
                .map(property -> new Entry(property.getKey(), property.getValue()));
    }

    private static void heading(StringBuilder markdown, String heading) {
        markdown.append(
                "\n**%s**\n\n| option | type | default | meaning |\n|---|---|---|---|\n"
                        .formatted(heading));
    }

    private static void row(StringBuilder markdown, Entry option, String meaning) {
        markdown.append(
                "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                option.shownName(),
                                option.shownType(),
                                option.shownDefault(),
                                meaning));
    }
}
