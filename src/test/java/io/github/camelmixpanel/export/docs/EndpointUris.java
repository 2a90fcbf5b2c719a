package io.github.camelmixpanel.export.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Finds what routes and documents say of the component: endpoint URIs, and options of the
 * component.
 */
final class EndpointUris {

    /**
     * @param uri as written, without what {@code parameters} holds
     * @param parameters options that are written beside the URI, as YAML does
     */
    record Found(String uri, Map<String, String> parameters) {}

    private static final Pattern QUOTED =
            Pattern.compile("\"(?:master:[\\w-]+:)?(mixpanel-export:[^\"]*)\"");
    private static final Pattern PROPERTY =
            Pattern.compile("(?m)^camel\\.component\\.mixpanel-export\\..*$");

    /** Also one that Camel's {@code master:} runs, and the scheme alone, its name a parameter. */
    private static final Pattern IN_YAML =
            Pattern.compile("(?:master:[\\w-]+:)?(mixpanel-export(?::.*)?)");

    private final List<Found> uris = new ArrayList<>();
    private final List<String> properties = new ArrayList<>();

    List<Found> uris() {
        return uris;
    }

    /** Lines such as {@code camel.component.mixpanel-export.region=EU}. */
    List<String> properties() {
        return properties;
    }

    /**
     * @param language xml, yaml, java, properties or md; anything else holds nothing
     */
    void add(String language, String text) {
        switch (language) {
            case "xml" -> addQuoted(text.replace("&quot;", "%22"), true);
            case "java" -> addQuoted(text.replaceAll("\"\\s*\\+\\s*\"", ""), false);
            case "yaml" ->
                    new Load(LoadSettings.builder().build())
                            .loadAllFromString(text)
                            .forEach(this::addYaml);
            case "properties" ->
                    PROPERTY.matcher(text)
                            .results()
                            .forEach(line -> properties.add(line.group().strip()));
            case "md" ->
                    Snippets.in(Path.of("document." + language), text)
                            .forEach(snippet -> add(snippet.language(), snippet.text()));
            default -> {}
        }
    }

    private void addQuoted(String text, boolean xml) {
        QUOTED.matcher(text)
                .results()
                .forEach(
                        quoted -> {
                            String uri = quoted.group(1);
                            uris.add(
                                    new Found(
                                            xml
                                                    ? uri.replace("&lt;", "<")
                                                            .replace("&gt;", ">")
                                                            .replace("&amp;", "&")
                                                    : uri,
                                            Map.of()));
                        });
    }

    private void addYaml(Object node) {
        if (node instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> {
                        if (value instanceof String text) {
                            addYamlText(text, "uri".equals(key) ? map.get("parameters") : Map.of());
                        }
                        addYaml(value);
                    });
        } else if (node instanceof List<?> list) {
            list.forEach(this::addYaml);
        }
    }

    private void addYamlText(String text, Object beside) {
        Matcher matcher = IN_YAML.matcher(text);
        if (!matcher.matches()) {
            return;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        if (beside instanceof Map<?, ?> given) {
            given.forEach((name, value) -> parameters.put("" + name, String.valueOf(value)));
        }
        uris.add(new Found(matcher.group(1), parameters));
    }
}
