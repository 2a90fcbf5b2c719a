package io.github.camelmixpanel.export;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the house: the API at the top, everything else under {@code internal}, in rooms. */
class ArchitectureTest {

    private static final String API = "io.github.camelmixpanel.export";
    private static final String INTERNAL = API + ".internal..";
    private static final Path SOURCES = Path.of("src/main/java");
    private static final int MOST_FILES = 20;
    private static final int MOST_LINES = 400;
    private static final int MOST_ARGUMENTS = 8;

    private static final List<String> STAGES =
            List.of("plan", "limit", "fetch", "spool", "split", "dedupe", "ledger", "database");
    private static final String[] VALUES =
            all(rooms("model", "settings", "durable", "text"), API + ".option", API + ".failure");
    private static final String[] CAMEL_ROOMS =
            all(rooms("options", "exchange", "observe"), API, API + ".observe", API + ".dsl");

    /** What a route author's Java code and every room may use: no part of it uses an export. */
    private static final Set<String> VOCABULARY =
            Set.of(
                    "MixpanelEvent",
                    "MixpanelExportConstants",
                    "MixpanelExportConfiguration",
                    "MixpanelExportEndpointUriFactory");

    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(API);

    @Test
    void everyClassHasItsPlace() {
        String[] places =
                all(
                        all(VALUES, CAMEL_ROOMS),
                        all(rooms(STAGES.toArray(String[]::new)), rooms("pipeline")));
        check(classes().should().resideInAnyPackage(places));
    }

    @Test
    void valuesKnowTheJdkAlone() {
        check(
                classes()
                        .that()
                        .resideInAnyPackage(VALUES)
                        .and(not(simpleName("RefusedCredentialsException"))) // Camel's health asks
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(all(VALUES, "java..", "javax.sql..")));
    }

    static List<String> stages() {
        return STAGES;
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aStageKnowsNoOtherStage(String name) {
        String[] common = all(all(VALUES, rooms(name)), "java..", "org.slf4j..");
        check(
                classes()
                        .that()
                        .resideInAnyPackage(rooms(name))
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                switch (name) {
                                    case "fetch" ->
                                            all(
                                                    common,
                                                    "org.apache.camel..",
                                                    "org.apache.hc..",
                                                    "javax.net.ssl..",
                                                    "com.fasterxml.jackson..");
                                    case "database" -> all(common, "javax.sql..");
                                    default -> all(common, "com.fasterxml.jackson..");
                                }));
    }

    @Test
    void thePipelineKnowsStagesButNotCamel() {
        check(
                classes()
                        .that()
                        .resideInAnyPackage(rooms("pipeline"))
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                all(
                                        all(VALUES, rooms(STAGES.toArray(String[]::new))),
                                        all(
                                                rooms("pipeline"),
                                                "java..",
                                                "javax.sql..",
                                                "org.slf4j.."))));
    }

    @Test
    void camelIsInItsRoomsAlone() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(all(CAMEL_ROOMS, rooms("fetch")))
                        .and(not(simpleName("RefusedCredentialsException")))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.apache.camel..", "org.apache.hc.."));
    }

    /** The top package counts as two: the words that every room may use, and what composes all. */
    @Test
    void packagesFormNoCircle() {
        check(
                slices().assignedFrom(
                                byName(
                                        it ->
                                                VOCABULARY.contains(outermost(it).getSimpleName())
                                                        ? "vocabulary"
                                                        : it.getPackageName()))
                        .should()
                        .beFreeOfCycles());
    }

    /** Camel's own four know each other, and a sealed family knows its members. */
    @Test
    void classesFormNoCircle() {
        check(slices().assignedFrom(byName(this::circleAllowed)).should().beFreeOfCycles());
    }

    private String circleAllowed(JavaClass type) {
        String name = outermost(type).getSimpleName();
        if (type.getPackageName().equals(API) && !VOCABULARY.contains(name)) {
            return "component, endpoint, consumer and producer";
        }
        return type.getPackageName().equals(API + ".failure")
                ? "sealed exceptions"
                : outermost(type).getName();
    }

    @Test
    void noSignatureOfTheApiHasAnInternalType() {
        List<String> found =
                MAIN.stream()
                        .filter(type -> !resideInAPackage(INTERNAL).test(type))
                        .filter(ArchitectureTest::isSeen)
                        .flatMap(ArchitectureTest::internalTypesOf)
                        .toList();

        assertThat(found).isEmpty();
    }

    private static boolean isSeen(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getSimpleName().endsWith("Configurer"); // generated
    }

    private static Stream<String> internalTypesOf(JavaClass type) {
        Stream<JavaType> above =
                Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        return Stream.concat(
                above.filter(ArchitectureTest::isInternal).map(it -> type + " is a " + it),
                type.getMembers().stream()
                        .filter(
                                it ->
                                        it.getModifiers().contains(JavaModifier.PUBLIC)
                                                || it.getModifiers()
                                                        .contains(JavaModifier.PROTECTED))
                        .filter(it -> !it.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .filter(it -> signature(it).anyMatch(ArchitectureTest::isInternal))
                        .map(JavaMember::getFullName));
    }

    private static Stream<JavaType> signature(JavaMember member) {
        return member instanceof JavaCodeUnit code
                ? Stream.concat(
                        Stream.of(code.getReturnType()),
                        Stream.concat(
                                code.getParameterTypes().stream(),
                                code.getThrowsClause().getTypes().stream()))
                : Stream.of(((JavaField) member).getType());
    }

    private static boolean isInternal(JavaType type) {
        return type.getAllInvolvedRawTypes().stream().anyMatch(resideInAPackage(INTERNAL));
    }

    @Test
    void noConstructorTakesMoreThanEightArguments() {
        List<String> found =
                MAIN.stream()
                        .filter(type -> !type.isEnum() && !type.isAnonymousClass())
                        .flatMap(type -> type.getConstructors().stream())
                        .filter(it -> it.getRawParameterTypes().size() > MOST_ARGUMENTS)
                        .map(JavaMember::getFullName)
                        .toList();

        assertThat(found).isEmpty();
    }

    @Test
    void noFolderAndNoFileIsTooLarge() throws IOException {
        Map<Path, Long> folders = new TreeMap<>();
        Map<Path, Integer> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            for (Path file : all.filter(it -> it.toString().endsWith(".java")).toList()) {
                folders.merge(file.getParent(), 1L, Long::sum);
                files.put(file, Files.readAllLines(file).size());
            }
        }
        files.keySet().removeIf(it -> it.endsWith("MixpanelExportConfiguration.java"));
        folders.values().removeIf(count -> count <= MOST_FILES);
        files.values().removeIf(lines -> lines <= MOST_LINES);

        assertThat(folders).isEmpty();
        assertThat(files).isEmpty();
    }

    @Test
    void nothingSleeps() {
        check(noClasses().should().callMethodWhere(calls("sleep", Thread.class, TimeUnit.class)));
    }

    @Test
    void nothingPrintsToTheConsole() {
        check(noClasses().should().accessField(System.class, "out"));
        check(noClasses().should().accessField(System.class, "err"));
    }

    @Test
    void onlyCamelsRoomsAskTheClock() {
        check(others().should().callMethodWhere(calls("currentTimeMillis", System.class)));
        check(
                others().should()
                        .callMethodWhere(
                                target(name("now"))
                                        .and(target(owner(resideInAPackage("java.time.."))))));
        check(others().should().callMethodWhere(calls("system", InstantSource.class)));
        check(others().should().dependOnClassesThat().areAssignableTo(Clock.class));
    }

    @Test
    void onlyCamelsRoomsKnowJavaUtilDate() {
        check(others().should().dependOnClassesThat().areAssignableTo(java.util.Date.class));
    }

    private static GivenClassesConjunction others() {
        return noClasses().that().resideOutsideOfPackages(CAMEL_ROOMS);
    }

    private static DescribedPredicate<JavaCall<?>> calls(String method, Class<?>... owners) {
        DescribedPredicate<JavaClass> anyOwner =
                DescribedPredicate.or(
                        Arrays.stream(owners).map(JavaClass.Predicates::type).toList());
        return target(name(method)).and(target(owner(anyOwner)));
    }

    private static SliceAssignment byName(Function<JavaClass, String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(API)
                        ? SliceIdentifier.of(name.apply(type))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "classes by their place";
            }
        };
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    /** Each room and those in it. */
    private static String[] rooms(String... names) {
        return Stream.of(names).map(it -> API + ".internal." + it + "..").toArray(String[]::new);
    }

    private static String[] all(String[] first, String... second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }
}
