package io.github.camelmixpanel.export.docs;

import io.github.camelmixpanel.export.docs.Metadata.Entry;
import java.util.List;
import java.util.stream.Collectors;

/** Renders the component's metadata as the tables of a page in Camel's own reference. */
final class AsciidocTables {

    private final Metadata metadata;

    AsciidocTables(Metadata metadata) {
        this.metadata = metadata;
    }

    String component() {
        return options(metadata.entries("componentProperties").toList());
    }

    String path() {
        return options(metadata.entries("properties").filter(Entry::isPath).toList());
    }

    String query() {
        return options(metadata.entries("properties").filter(entry -> !entry.isPath()).toList());
    }

    String headers() {
        return metadata.entries("headers")
                .map(
                        header ->
                                "| *%s* | %s | %s\n"
                                        .formatted(
                                                header.name(),
                                                header.description(),
                                                header.shownType()))
                .collect(
                        Collectors.joining(
                                "",
                                """
                                [width="100%",cols="2,5,2",options="header"]
                                |===
                                | Name | Description | Type
                                """,
                                "|==="));
    }

    private static String options(List<Entry> options) {
        return options.stream()
                .map(
                        option ->
                                "| *%s* (%s) | %s | %s | %s\n"
                                        .formatted(
                                                option.shownName(),
                                                option.group(),
                                                option.description(),
                                                option.shownDefault(),
                                                option.shownType()))
                .collect(
                        Collectors.joining(
                                "",
                                """
                                [width="100%",cols="2,5,^1,2",options="header"]
                                |===
                                | Name | Description | Default | Type
                                """,
                                "|==="));
    }
}
