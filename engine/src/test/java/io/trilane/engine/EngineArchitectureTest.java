package io.trilane.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may import whom inside the engine: a rule for each line of `ARCHITECTURE.md` that can be judged here. Rules
/// about several modules are in `tools`.
class EngineArchitectureTest {
    private static final int WALL_LINES = 400;
    private static final String TASK = "io.trilane.engine.task";

    private final JavaClasses engine = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.trilane.engine");

    @Test
    void importsNothingOfTheOtherModules() {
        check(noClasses().should().dependOnClassesThat(resideInAnyPackage("io.trilane..")
                .and(resideOutsideOfPackages("io.trilane.engine.."))));
    }

    @Test
    void hasNoPackageCycles() {
        check(slices().matching("io.trilane.engine.(*)..").should().beFreeOfCycles());
        check(slices().matching("io.trilane.(engine..)").should().beFreeOfCycles());
    }

    @Test
    void taskPackageImportsTheJdkOnly() {
        check(noClasses().that().resideInAPackage(TASK).should()
                .dependOnClassesThat(resideOutsideOfPackages("java..", "org.jspecify..", TASK)));
    }

    @Test
    void controllerPackageNeverImportsRoles() {
        check(noClasses().that().resideInAPackage("io.trilane.engine.controller").should().dependOnClassesThat()
                .resideInAPackage("io.trilane.engine.role"));
    }

    @Test
    void subpackagesNeverImportTheCompositionRoot() {
        check(noClasses().that().resideInAPackage("io.trilane.engine.*").should().dependOnClassesThat()
                .resideInAPackage("io.trilane.engine"));
    }

    @Test
    void jcToolsStaysInTheQueuePackage() {
        check(noClasses().that().resideOutsideOfPackage("io.trilane.engine.queue").should().dependOnClassesThat()
                .resideInAPackage("org.jctools.."));
    }

    @Test
    void agronaStaysInRoleAndMetrics() {
        check(noClasses().that().resideOutsideOfPackages("io.trilane.engine.role", "io.trilane.engine.metrics").should()
                .dependOnClassesThat().resideInAPackage("org.agrona.."));
    }

    @Test
    void nobodyUsesUnsafe() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("sun.misc..", "jdk.internal.."));
    }

    /// To ask which thread this is, and to spin or yield, is not to make one.
    @Test
    void onlyTheRoleRunnerMakesThreads() {
        Set<String> harmless = Set.of("currentThread", "getName", "onSpinWait", "yield", "setDaemon", "getStackTrace",
                "threadId");
        check(noClasses().that().doNotHaveSimpleName("RoleRunner").should().callCodeUnitWhere(
                DescribedPredicate.describe("make, start or stop a thread", call -> call.getTargetOwner()
                        .isAssignableTo(Thread.class) && !harmless.contains(call.getName()))));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(Executor.class));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(Lock.class));
    }

    /// A queue, the drive, a doorbell and a role's loop know *which* thread is theirs, the guard asks who waits, the watch
    /// who hangs, and the gate spins: that is identity.
    @Test
    void onlyGuardsOfOneThreadKnowThreadsAtAll() {
        check(noClasses().that(DescribedPredicate.not(simpleNameIn("Engine", "RoleRunner", "BoundedIdle", "SlowWork",
                "Drive", "SerialQueue", "Doorbell", "CallGate", "RoleLoop", "RoleActivity", "HardwareActivity",
                "ReentrancyGuard", "Wait",
                "CallbackWatch", "CallTrace"))).should().dependOnClassesThat()
                .areAssignableTo(Thread.class));
    }

    /// The gate and the doorbell are the only places where anything waits.
    @Test
    void nobodyElseParks() {
        check(noClasses().that(DescribedPredicate.not(simpleNameIn("Doorbell", "CallGate"))).should()
                .dependOnClassesThat().areAssignableTo(LockSupport.class));
    }

    @Test
    void clocksAndRandomnessAreInjected() {
        check(noClasses().that().doNotHaveSimpleName("EngineConfig").should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis").orShould()
                .callCodeUnitWhere(DescribedPredicate.describe("read the time of day",
                        call -> call.getTargetOwner().getPackageName().equals("java.time")
                                && call.getName().equals("now")))
                .orShould().dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(concurrent\\.ThreadLocal|Splittable)?Random|java\\.util\\.random\\..*"
                        + "|java\\.security\\.SecureRandom"));
    }

    @Test
    void hasNoStaticMutableState() {
        check(fields().that().areStatic().should().beFinal());
        check(noFields().that().areStatic().should().haveRawType(DescribedPredicate.describe("a mutable type",
                type -> type.getPackageName().startsWith("java.util.concurrent")
                        || type.isAssignableTo(ThreadLocal.class)
                        || type.isAssignableTo(StringBuilder.class))));
    }

    @Test
    void keepsEveryFileBelowTheWall() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).isNotEmpty().allSatisfy(file -> assertThat(Files.readAllLines(file)).as("%s", file)
                    .hasSizeLessThanOrEqualTo(WALL_LINES));
        }
    }

    @Test
    void aRuleThatMatchesNothingFails() {
        assertThatThrownBy(() -> check(noClasses().that().resideInAPackage("io.trilane.nowhere").should()
                .dependOnClassesThat().resideInAPackage("java.."))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check(noClasses().should().dependOnClassesThat().resideInAPackage("java..")))
                .isInstanceOf(AssertionError.class);
    }

    private static DescribedPredicate<JavaClass> simpleNameIn(String... names) {
        return DescribedPredicate.describe("one of " + List.of(names), type -> List.of(names).contains(
                type.getSimpleName()));
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(engine);
    }
}
