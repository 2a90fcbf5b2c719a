package io.github.camelmixpanel.export.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Adds the component and the Kamelet to a catalog of Kaoto, in place, for each Camel from 4.18 on.
 * Run again, it replaces them. Its form is that of the npm package {@code @kaoto/camel-catalog}
 * (observed, 0.10.4).
 */
public final class KaotoCatalog {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Version LEAST = Version.parse("4.18");
    private static final String COMPONENT =
            "META-INF/io/github/camelmixpanel/export/mixpanel-export.json";
    private static final String KAMELET = "kamelets/mixpanel-export-source.kamelet.yaml";
    private static final String SCHEMA = "http://json-schema.org/draft-07/schema#";

    private final Path folder;

    KaotoCatalog(Path folder) {
        this.folder = folder;
    }

    /** The first argument is the folder of the catalog. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1 || !Files.exists(Path.of(args[0], "index.json"))) {
            throw new IllegalArgumentException(
                    "expected the folder of a Kaoto catalog, which has an index.json; found: "
                            + List.of(args));
        }
        List<String> changed = new KaotoCatalog(Path.of(args[0])).add();
        System.out.println("mixpanel-export is in: " + String.join(", ", changed));
    }

    /** The names of the catalogs that have both now. */
    List<String> add() throws IOException {
        List<String> changed = new ArrayList<>();
        for (JsonNode definition : read(folder.resolve("index.json")).path("definitions")) {
            Path index = folder.resolve(definition.path("fileName").asText());
            JsonNode catalogs = read(index).path("catalogs");
            if (catalogs.has("components")
                    && isNewEnough(definition.path("camelCatalogVersion").asText())) {
                put(file(index, catalogs.path("components")), "mixpanel-export", component());
                put(file(index, catalogs.path("kamelets")), "mixpanel-export-source", kamelet());
                changed.add(definition.path("name").asText());
            }
        }
        if (changed.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a catalog of Camel 4.18 or later in " + folder + ", found none");
        }
        return changed;
    }

    private static boolean isNewEnough(String version) {
        return Version.parse(version).compareTo(LEAST) >= 0;
    }

    private static Path file(Path index, JsonNode catalog) {
        return index.resolveSibling(catalog.path("file").asText());
    }

    private static void put(Path file, String name, ObjectNode entry) throws IOException {
        ObjectNode all = read(file);
        all.set(name, entry);
        Files.write(file, MAPPER.writeValueAsBytes(all));
    }

    private static ObjectNode component() throws IOException {
        try (InputStream in = open(COMPONENT)) {
            ObjectNode component = (ObjectNode) MAPPER.readTree(in);
            ObjectNode schema = component.putObject("propertiesSchema").put("$schema", SCHEMA);
            schema.put("type", "object");
            List<String> required = new ArrayList<>();
            ObjectNode properties = schema.putObject("properties");
            for (var option : component.path("properties").properties()) {
                properties.set(option.getKey(), property(option.getValue()));
                if (option.getValue().path("required").asBoolean()) {
                    required.add(option.getKey());
                }
            }
            required.forEach(schema.putArray("required")::add);
            return component;
        }
    }

    private static ObjectNode property(JsonNode option) {
        ObjectNode property =
                MAPPER.createObjectNode()
                        .put("title", option.path("displayName").asText())
                        .put("description", option.path("description").asText())
                        .put("$comment", "group:" + option.path("group").asText());
        String type = option.path("type").asText();
        switch (type) {
            case "boolean", "integer", "number" -> property.put("type", type);
            default -> property.put("type", "string");
        }
        if (option.path("secret").asBoolean()) {
            property.put("format", "password");
        } else if (type.equals("object")) {
            property.put("format", "bean:" + option.path("javaType").asText());
        } else if (type.equals("duration")) {
            property.put("format", "duration");
        }
        if (option.path("deprecated").asBoolean()) {
            property.put("deprecated", true);
        }
        copy("enum", option, "enum", property);
        copy("defaultValue", option, "default", property);
        return property;
    }

    private static ObjectNode kamelet() throws IOException {
        try (InputStream in = open(KAMELET)) {
            Object yaml = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            ObjectNode kamelet = MAPPER.valueToTree(yaml);
            JsonNode definition = kamelet.at("/spec/definition");
            ObjectNode schema = kamelet.putObject("propertiesSchema").put("$schema", SCHEMA);
            for (String each : List.of("type", "title", "description", "required", "properties")) {
                copy(each, definition, each, schema);
            }
            return kamelet;
        }
    }

    private static void copy(String from, JsonNode source, String to, ObjectNode target) {
        if (source.has(from)) {
            target.set(to, source.get(from));
        }
    }

    private static InputStream open(String resource) {
        return KaotoCatalog.class.getClassLoader().getResourceAsStream(resource);
    }

    private static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) MAPPER.readTree(file.toFile());
    }
}
