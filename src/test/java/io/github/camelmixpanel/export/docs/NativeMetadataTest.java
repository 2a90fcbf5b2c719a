package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.api.management.ManagedResource;
import org.junit.jupiter.api.Test;

/**
 * What a native image is informed of is all that is found by name: services of Camel, beans of
 * routes, classes that the code looks for, managed attributes, resources, and bodies that
 * serialize. With {@code -Dupdate.docs=true} the files are written.
 */
class NativeMetadataTest {

    private static final Path GENERATED = Path.of("src/generated/resources");
    private static final List<Path> RESOURCES = List.of(GENERATED, Path.of("src/main/resources"));
    private static final String FOLDER =
            "META-INF/native-image/io.github.camel-mixpanel/camel-mixpanel-export";

    /** Read by tools alone. */
    private static final List<String> NOT_LOADED =
            List.of("META-INF/native-image", "META-INF/spring");

    private static final Pattern SERVICE =
            Pattern.compile("^(?:class=)?(io\\.github\\.[\\w.]+)$", Pattern.MULTILINE);
    private static final Pattern BEAN = Pattern.compile("#class:(io\\.github\\.[\\w.]+)");
    private static final Pattern BY_NAME = Pattern.compile("Class\\.forName\\(\\s*\"([^\"]+)\"");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.github.camelmixpanel.export");

    private final ObjectMapper json = new ObjectMapper();

    private static List<Path> files(Path root, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(it -> Files.isRegularFile(it) && it.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> found(Pattern name, List<Path> in) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : in) {
            Matcher matcher = name.matcher(Files.readString(file));
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    private static Set<String> madeByName() throws IOException {
        Set<String> names = found(SERVICE, files(GENERATED.resolve("META-INF/services"), ""));
        assertThat(names).hasSizeGreaterThanOrEqualTo(7);
        names.addAll(found(BEAN, files(Path.of("routes"), "")));
        return names;
    }

    private void check(String file, JsonNode content) throws IOException {
        Path path = GENERATED.resolve(FOLDER).resolve(file);
        String expected = json.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n";
        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, expected);
        } else {
            assertThat(path)
                    .as("to write it: mvn test -Dtest=NativeMetadataTest -Dupdate.docs=true")
                    .hasContent(expected);
        }
    }

    @Test
    void listsWhatCamelMakesByNameAndWhatTheCodeLooksFor() throws IOException {
        ArrayNode all = json.createArrayNode();
        for (String name : madeByName()) {
            ObjectNode made = all.addObject().put("name", name);
            made.putArray("methods").addObject().put("name", "<init>").putArray("parameterTypes");
        }
        for (JavaClass managed : CLASSES) {
            if (managed.isAnnotatedWith(ManagedResource.class)) {
                all.addObject().put("name", managed.getName()).put("allPublicMethods", true);
            }
        }
        for (String name : found(BY_NAME, files(Path.of("src/main/java"), ".java"))) {
            all.addObject().put("name", name);
        }

        check("reflect-config.json", all);
    }

    @Test
    void listsEveryResource() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path root : RESOURCES) {
            files(root, "").stream()
                    .map(it -> root.relativize(it).toString().replace('\\', '/'))
                    .filter(it -> NOT_LOADED.stream().noneMatch(it::startsWith))
                    .forEach(names::add);
        }
        ObjectNode all = json.createObjectNode();
        ArrayNode includes = all.putObject("resources").putArray("includes");
        names.forEach(it -> includes.addObject().put("pattern", "\\Q" + it + "\\E"));

        assertThat(names).anyMatch(it -> it.endsWith("status.js"));
        check("resource-config.json", all);
    }

    @Test
    void listsBodiesThatSerialize() throws IOException {
        Collection<String> bodies =
                CLASSES.stream()
                        .filter(it -> !it.getModifiers().contains(JavaModifier.ABSTRACT))
                        .filter(
                                it ->
                                        it.getAllMethods().stream()
                                                .anyMatch(m -> m.getName().equals("writeReplace")))
                        .map(JavaClass::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
        ArrayNode all = json.createArrayNode();
        bodies.forEach(it -> all.addObject().put("name", it));

        assertThat(bodies).hasSizeGreaterThanOrEqualTo(2);
        check("serialization-config.json", all);
    }
}
