package io.trilane.tools;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may import whom, over all modules: a rule for each line of `ARCHITECTURE.md`. Rules inside the engine are in its
/// own `EngineArchitectureTest`.
class ArchitectureTest {
    private static final int WALL_LINES = 400;
    private static final String ENGINE = "io.trilane.engine..";
    private static final String HBA = "io.trilane.hba..";
    private static final String PERF = "io.trilane.perf..";
    private static final String TOOLS = "io.trilane.tools..";

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.trilane");

    @Test
    void modulesPointOneWayEngineHbaPerfTools() {
        check(noClasses().that().resideInAPackage(ENGINE).should().dependOnClassesThat()
                .resideInAnyPackage(HBA, PERF, TOOLS));
        check(noClasses().that().resideInAPackage(HBA).should().dependOnClassesThat().resideInAnyPackage(PERF, TOOLS));
        check(noClasses().that().resideInAPackage(PERF).should().dependOnClassesThat().resideInAPackage(TOOLS));
    }

    /// A front end is an initiator: it cannot know its controller.
    @Test
    void frontEndsKnowTheEngineOnly() {
        check(noClasses().that().resideInAnyPackage("io.trilane.tools.frontend..", "io.trilane.tools.iscsi..",
                "io.trilane.tools.nbd..").should().dependOnClassesThat().resideInAnyPackage(HBA, PERF));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.trilane.(*).(*)..").should().beFreeOfCycles());
        check(slices().matching("io.trilane.(**)").should().beFreeOfCycles());
    }

    @Test
    void imagesKnowNoScsi() {
        check(noClasses().that().resideInAPackage("io.trilane.hba.image..").should().dependOnClassesThat()
                .resideInAnyPackage("io.trilane.hba", "io.trilane.hba.command..", "io.trilane.hba.page..",
                        "io.trilane.hba.fault..", "io.trilane.engine", "io.trilane.engine.controller..",
                        "io.trilane.engine.queue..", "io.trilane.engine.role.."));
    }

    /// Service-time arithmetic: told what time it is, told what to do.
    @Test
    void deviceModelsKnowImagesAndTimeOnly() {
        check(noClasses().that().resideInAPackage("io.trilane.hba.device..").should().dependOnClassesThat()
                .resideInAnyPackage("io.trilane.hba", "io.trilane.hba.command..", "io.trilane.hba.page..",
                        "io.trilane.engine", "io.trilane.engine.controller..", "io.trilane.engine.queue..",
                        "io.trilane.engine.role..", "java.util.concurrent.."));
    }

    @Test
    void commandsNeverTouchQueuesRolesOrThreads() {
        check(noClasses().that().resideInAPackage("io.trilane.hba.command..").should().dependOnClassesThat()
                .resideInAnyPackage("io.trilane.engine", "io.trilane.engine.queue..", "io.trilane.engine.role..",
                        "io.trilane.engine.controller..", "java.util.concurrent.."));
        check(noClasses().that().resideInAPackage("io.trilane.hba.command..").should().dependOnClassesThat()
                .areAssignableTo(Thread.class));
    }

    @Test
    void eachLibraryStaysWhereItBelongs() {
        check(outside("io.trilane.engine.queue", "org.jctools.."));
        check(noClasses().that().resideOutsideOfPackages("io.trilane.engine.role", "io.trilane.engine.metrics").should()
                .dependOnClassesThat().resideInAPackage("org.agrona.."));
        check(outside(TOOLS, "picocli.."));
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("sun.misc..", "jdk.internal..",
                "org.openjdk.jmh.."));
    }

    /// The model hardware is pumped: it has no thread, clock or random source that it was not handed.
    @Test
    void hardwareIsHandedItsThreadsClocksAndRandomness() {
        check(noClasses().that().resideInAPackage(HBA).should().dependOnClassesThat().areAssignableTo(Thread.class));
        check(noClasses().that().resideInAPackage(HBA).should().callMethod(System.class, "nanoTime").orShould()
                .callMethod(System.class, "currentTimeMillis").orShould().dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(Splittable)?Random|java\\.util\\.concurrent\\.ThreadLocalRandom"
                        + "|java\\.security\\.SecureRandom"));
    }

    /// One registry of open images per process is the point of the registry: several engines share an image.
    @Test
    void nothingStaticIsMutable() {
        check(fields().that().areStatic().should().beFinal());
        check(noFields().that().areStatic().and().areDeclaredInClassesThat(not(registry())).should()
                .haveRawType(DescribedPredicate.describe("a mutable type",
                        type -> type.getPackageName().startsWith("java.util.concurrent")
                                || type.isAssignableTo(ThreadLocal.class)
                                || type.isAssignableTo(StringBuilder.class))));
    }

    @Test
    void namesSayWhatAClassIs() {
        check(noClasses().should().haveSimpleNameStartingWith("Abstract").orShould().haveSimpleNameEndingWith("Impl")
                .orShould().haveSimpleNameEndingWith("Manager").orShould().haveSimpleNameEndingWith("Helper").orShould()
                .resideInAPackage("..util.."));
    }

    @Test
    void everyFileStaysBelowTheWall() throws IOException {
        for (String module : Set.of("engine", "hba-model", "perf", "tools")) {
            assertThat(sources(module, "main")).as("module=%s", module).isNotEmpty();
            assertThat(sources(module, "test")).as("tests of module=%s", module).isNotEmpty();
            for (String kind : Set.of("main", "test", "fuzz", "concurrency")) {
                assertThat(sources(module, kind)).allSatisfy(file -> assertThat(Files.readAllLines(file))
                        .as("%s", file).hasSizeLessThanOrEqualTo(WALL_LINES));
            }
        }
    }

    /// Java files of one kind, which a module need not have.
    private static List<Path> sources(String module, String kind) throws IOException {
        Path root = Path.of("..", module, "src", kind, "java");
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static ArchRule outside(String home, String library) {
        return noClasses().that(not(resideInAnyPackage(home))).should().dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static DescribedPredicate<JavaClass> registry() {
        return DescribedPredicate.describe("the registry of images",
                type -> type.getSimpleName().equals("ImageRegistry"));
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(all);
    }
}
