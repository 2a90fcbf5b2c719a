package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.MixpanelExportComponent;
import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import io.github.camelmixpanel.export.docs.Snippets.Snippet;
import io.github.camelmixpanel.export.testkit.ForkedJvm;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the documents show can be pasted: routes load, in XML, YAML and Java, properties are taken,
 * and manifests fit together.
 */
class SnippetsTest {

    private static final Path TESTS = Path.of("src/test/java/io/github/camelmixpanel/export");

    /** Code that runs, in tests and in an example. */
    private static final List<Path> RUNNING =
            List.of(
                    TESTS.resolve("demo/OwnRouteTest.java"),
                    TESTS.resolve("TypedBuildersTest.java"),
                    Path.of("examples/java-dsl/src/main/java/com/example/CheckoutRoute.java"));

    /** A snippet is one of these kinds, or nothing that is tried: commands and what they print. */
    private enum Kind {
        ROUTE,
        JAVA_ROUTE,
        JAVA_THAT_RUNS,
        PROPERTIES,
        MANIFEST,
        DEPENDENCY,
        DOCKERFILE,
        RULES,
        COMMAND;

        static Kind of(Snippet snippet) {
            if (snippet.is("xml", "<route")
                    || snippet.is("yaml", "- route:")
                    || snippet.is("yaml", "- errorHandler:")) {
                return ROUTE;
            } else if (snippet.is("java", "from(")) {
                return JAVA_ROUTE;
            } else if (snippet.is("java", "")) {
                return JAVA_THAT_RUNS;
            } else if (snippet.is("properties", "")) {
                return PROPERTIES;
            } else if (snippet.is("yaml", "apiVersion:")) {
                return MANIFEST;
            } else if (snippet.is("yaml", "groups:")) {
                return RULES; // in AlertsTest
            } else if (snippet.is("xml", "<dependency>")) {
                return DEPENDENCY; // in ReadmeTest
            } else if (snippet.is("dockerfile", "")) {
                return DOCKERFILE; // in ContainerTest
            } else if (snippet.is("sh", "") || snippet.is("console", "")) {
                return COMMAND;
            }
            throw new AssertionError("nothing tries the snippet in " + snippet);
        }
    }

    @TempDir Path folder;

    @ParameterizedTest
    @MethodSource("routes")
    void routeLoads(Snippet snippet) throws Exception {
        try (DefaultCamelContext context = context()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(
                            ResourceHelper.fromString(
                                    "snippet." + snippet.language(), snippet.text()));

            assertThat(context.getRoutes()).isNotEmpty();
        }
    }

    static Stream<Snippet> routes() throws IOException {
        return of(Kind.ROUTE);
    }

    @Test
    void javaRoutesCompileAndLoad() throws Exception {
        List<Snippet> snippets = of(Kind.JAVA_ROUTE).toList();
        assertThat(snippets).isNotEmpty();
        for (int i = 0; i < snippets.size(); i++) {
            Files.writeString(
                    folder.resolve("Snippet" + i + ".java"),
                    """
                    public class Snippet%d extends org.apache.camel.builder.RouteBuilder {
                        @Override
                        public void configure() {
                    %s
                        }
                    }
                    """
                            .formatted(i, snippets.get(i).text()));
        }

        compile(folder);

        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            for (int i = 0; i < snippets.size(); i++) {
                try (DefaultCamelContext context = context()) {
                    Class<?> routes = loader.loadClass("Snippet" + i);
                    context.addRoutes(
                            (RoutesBuilder) routes.getDeclaredConstructor().newInstance());
                    assertThat(context.getRoutes()).as(snippets.get(i).toString()).isNotEmpty();
                }
            }
        }
    }

    private static void compile(Path folder) throws IOException {
        try (Stream<Path> sources = Files.list(folder)) {
            Stream<String> options =
                    Stream.of("-proc:none", "-cp", ForkedJvm.classPath(), "-d", folder.toString());
            assertThat(
                            ToolProvider.getSystemJavaCompiler()
                                    .run(
                                            null,
                                            null,
                                            null,
                                            Stream.concat(options, sources.map(Path::toString))
                                                    .toArray(String[]::new)))
                    .as("exit code of the compiler, which tells the rest on the console")
                    .isZero();
        }
    }

    @Test
    void otherJavaIsFromCodeThatRuns() throws IOException {
        List<Snippet> java = of(Kind.JAVA_THAT_RUNS).toList();

        assertThat(java).isNotEmpty();
        for (Snippet snippet : java) {
            assertThat(RUNNING)
                    .as(snippet.toString())
                    .anySatisfy(
                            file ->
                                    assertThat(Files.readString(file))
                                            .contains(snippet.text().strip().split("\\s*\n\\s*")));
        }
    }

    @ParameterizedTest
    @MethodSource("properties")
    void propertiesAreTaken(Snippet snippet) throws IOException {
        Properties properties = new Properties();
        // camel-main leaves no property of its own or of a component untaken
        properties.load(new StringReader(snippet.text().replaceAll("\\{\\{env:\\w+}}", "7")));
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.setInitialProperties(properties);
        main.bind("stateDb", new JdbcDataSource());
        try {
            main.start();

            assertThat(main.getCamelContext().isStarted()).isTrue();
        } finally {
            main.stop();
        }
    }

    static Stream<Snippet> properties() throws IOException {
        return of(Kind.PROPERTIES);
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void volumesOfAManifestAreThere(Snippet snippet) {
        List<Map<?, ?>> manifests = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(snippet.text())
                .forEach(manifest -> manifests.add((Map<?, ?>) manifest));

        assertThat(manifests)
                .allSatisfy(
                        manifest ->
                                assertThat(manifest.keySet().toString())
                                        .contains("kind", "metadata", "spec"));
        assertThat(all("mountPath", manifests)).hasSize(all("volumeMounts", manifests).size());
        List<Object> claims =
                manifests.stream()
                        .filter(manifest -> manifest.get("kind").equals("PersistentVolumeClaim"))
                        .map(manifest -> ((Map<?, ?>) manifest.get("metadata")).get("name"))
                        .collect(Collectors.toList());
        assertThat(all("claimName", manifests)).isSubsetOf(claims);
        for (Object pod : all("template", manifests)) {
            assertThat(names(all("volumeMounts", pod))).isSubsetOf(names(all("volumes", pod)));
        }
    }

    /** Every value under this key, at any depth. */
    private static List<Object> all(String key, Object node) {
        List<Object> found = new ArrayList<>();
        if (node instanceof Map<?, ?> map) {
            if (map.containsKey(key)) {
                found.add(map.get(key));
            }
            map.values().forEach(value -> found.addAll(all(key, value)));
        } else if (node instanceof List<?> list) {
            list.forEach(value -> found.addAll(all(key, value)));
        }
        return found;
    }

    private static List<Object> names(List<Object> lists) {
        return lists.stream()
                .flatMap(list -> ((List<?>) list).stream())
                .map(entry -> (Object) ((Map<?, ?>) entry).get("name"))
                .toList();
    }

    static Stream<Snippet> manifests() throws IOException {
        return of(Kind.MANIFEST);
    }

    private static Stream<Snippet> of(Kind kind) throws IOException {
        return Snippets.all().stream().filter(snippet -> Kind.of(snippet) == kind);
    }

    private static DefaultCamelContext context() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.setAutoStartup(false);
        context.addComponent("kafka", context.getComponent("stub"));
        context.addComponent("master", context.getComponent("stub"));
        context.getRegistry().bind("stateDb", new JdbcDataSource());
        MixpanelExportConfiguration options =
                context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                        .getConfiguration();
        options.setProjectId("1");
        options.setAccessToken("any");
        context.start();
        return context;
    }
}
