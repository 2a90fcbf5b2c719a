package io.github.camelmixpanel.export.docs;

import io.github.camelmixpanel.export.docs.Metadata.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Renders the component's metadata, and so the annotations in its code, as Markdown tables. */
final class OptionTables {

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
        groups.put("State", List.of("state", "state (advanced)", "consumer"));
        groups.put("Producer", List.of("producer"));
        groups.put("Transport", List.of("transport", "proxy"));
        return groups;
    }

    private final Metadata metadata;

    OptionTables(Metadata metadata) {
        this.metadata = metadata;
    }

    /** Our options by group, those of the component alone, and Camel's own in short. */
    String options() {
        StringBuilder markdown = new StringBuilder();
        OUR_GROUPS.forEach(
                (heading, groups) -> {
                    heading(markdown, heading);
                    metadata.entries("properties")
                            .filter(option -> groups.contains(option.group()))
                            .forEach(option -> row(markdown, option, option.description()));
                });
        heading(markdown, "On the component only");
        metadata.entries("componentProperties")
                .filter(option -> option.group().equals("security"))
                .filter(option -> !metadata.isEndpointOption(option.name()))
                .forEach(option -> row(markdown, option, option.description()));
        heading(markdown, "Schedule and errors, Camel's own");
        metadata.entries("properties")
                .filter(option -> !isOurs(option))
                .filter(option -> !option.isPath())
                .forEach(option -> row(markdown, option, option.firstSentence()));
        return markdown.toString().strip();
    }

    private static boolean isOurs(Entry option) {
        return OUR_GROUPS.values().stream().anyMatch(groups -> groups.contains(option.group()));
    }

    String headers() {
        StringBuilder markdown = new StringBuilder("| header | type | meaning |\n|---|---|---|\n");
        metadata.entries("headers")
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
