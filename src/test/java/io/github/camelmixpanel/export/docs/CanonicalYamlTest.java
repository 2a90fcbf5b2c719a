package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.docs.Snippets.Snippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Routes in YAML are in the canonical notation, which Camel asks for since 4.22: expressions are
 * under {@code expression}, and a step is a map of its options.
 */
class CanonicalYamlTest {

    private static final Set<String> LANGUAGES =
            Set.of("simple", "constant", "header", "method", "jsonpath", "variable", "tokenize");

    static Stream<Snippet> routes() throws IOException {
        List<Snippet> found = new ArrayList<>(Snippets.all());
        for (String folder : List.of("routes", "examples", "src/main/resources/kamelets")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
                    found.add(new Snippet(file, "yaml", Files.readString(file)));
                }
            }
        }
        return found.stream().filter(it -> it.language().equals("yaml"));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isCanonical(Snippet snippet) {
        List<String> other = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(snippet.text())
                .forEach(document -> look(document, "", other));

        assertThat(other).isEmpty();
    }

    private static void look(Object node, String parent, List<String> other) {
        if (node instanceof List<?> list) {
            for (Object element : list) {
                if (parent.equals("steps")
                        && !(element instanceof Map<?, ?> step
                                && step.values().stream().allMatch(Map.class::isInstance))) {
                    other.add("step " + element);
                }
                look(element, parent, other);
            }
        } else if (node instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> {
                        if (LANGUAGES.contains(key)
                                && !(parent.equals("expression") && value instanceof Map)
                                && !(key.equals("method") && parent.equals("bean"))
                                && !(key.equals("method") && parent.equals("method"))) {
                            other.add(key + ": " + value);
                        }
                        if (!key.equals("parameters") && !key.equals("properties")) {
                            look(value, key.toString(), other);
                        }
                    });
        }
    }
}
