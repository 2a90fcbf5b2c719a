package io.github.camelmixpanel.export;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the layers: the face over the pipeline over the stages over the model. */
class ArchitectureTest {

    private static final String FACE = "io.github.camelmixpanel.export";
    private static final String MODEL = FACE + ".model..";
    private static final String PIPELINE = FACE + ".pipeline..";
    private static final List<String> STAGES =
            List.of("plan", "limit", "fetch", "spool", "split", "dedupe", "ledger", "database");
    private static final String[] ANY_STAGE =
            STAGES.stream().map(ArchitectureTest::stage).toArray(String[]::new);

    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(FACE);

    private static String stage(String name) {
        return FACE + "." + name + "..";
    }

    @Test
    void everyClassHasItsPlace() {
        check(classes().should().resideInAnyPackage(join(ANY_STAGE, FACE, MODEL, PIPELINE)));
    }

    @Test
    void theModelKnowsTheJdkAlone() {
        check(
                classes()
                        .that()
                        .resideInAPackage(MODEL)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage("java..", "javax.sql..", MODEL));
    }

    static List<String> stages() {
        return STAGES;
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aStageKnowsTheModelAndNoOtherStage(String name) {
        String[] allowed = {"java..", MODEL, stage(name), "org.slf4j..", "com.fasterxml.jackson.."};
        String[] sql = {"java..", "javax.sql..", MODEL, stage(name), "org.slf4j.."};
        String[] http = {"org.apache.camel..", "org.apache.hc..", "javax.net.ssl.."};

        check(
                classes()
                        .that()
                        .resideInAPackage(stage(name))
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                switch (name) {
                                    case "fetch" -> join(http, allowed);
                                    case "database" -> sql;
                                    default -> allowed;
                                }));
    }

    @Test
    void thePipelineKnowsStagesAndModelButNotCamel() {
        check(
                classes()
                        .that()
                        .resideInAPackage(PIPELINE)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                join(
                                        ANY_STAGE,
                                        "java..",
                                        "javax.sql..",
                                        MODEL,
                                        PIPELINE,
                                        "org.slf4j..")));
    }

    @Test
    void onlyTheFaceAndTheFetchStageKnowCamel() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(FACE, stage("fetch"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.apache.camel..", "org.apache.hc.."));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching(FACE + ".(*)..").should().beFreeOfCycles());
        check(belowTheFace().should().dependOnClassesThat().resideInAPackage(FACE));
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
    void onlyTheFaceAsksTheClock() {
        check(belowTheFace().should().callMethodWhere(calls("currentTimeMillis", System.class)));
        check(
                belowTheFace()
                        .should()
                        .callMethodWhere(
                                target(name("now"))
                                        .and(target(owner(resideInAPackage("java.time.."))))));
        check(belowTheFace().should().callMethodWhere(calls("system", InstantSource.class)));
        check(belowTheFace().should().dependOnClassesThat().areAssignableTo(Clock.class));
    }

    @Test
    void onlyTheFaceKnowsJavaUtilDate() {
        check(belowTheFace().should().dependOnClassesThat().areAssignableTo(java.util.Date.class));
    }

    private static GivenClassesConjunction belowTheFace() {
        return noClasses().that().resideOutsideOfPackage(FACE);
    }

    private static DescribedPredicate<JavaCall<?>> calls(String method, Class<?>... owners) {
        DescribedPredicate<JavaClass> anyOwner =
                DescribedPredicate.or(
                        Arrays.stream(owners).map(JavaClass.Predicates::type).toList());
        return target(name(method)).and(target(owner(anyOwner)));
    }

    private static String[] join(String[] first, String... second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }
}
