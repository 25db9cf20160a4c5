package io.mlog.systemtests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What docs/architecture.md says about who may know what, as far as a compiled class shows it. */
final class ArchitectureTest {
    /** Each room, and the rooms it may import. A pom cannot allow more; it may allow less. */
    private static final Map<String, List<String>> ROOMS =
            Map.ofEntries(
                    Map.entry("model", List.of()),
                    Map.entry("records", List.of("model")),
                    Map.entry("storage", List.of("model", "records")),
                    Map.entry("core", List.of("model")),
                    Map.entry("services", List.of("model", "records", "core")),
                    Map.entry("protocol", List.of("model")),
                    Map.entry("groups", List.of("model", "services")),
                    Map.entry("kafka", List.of("model", "records", "core", "services")),
                    Map.entry("cluster", List.of("model", "core")),
                    Map.entry("client", List.of("model", "protocol")),
                    Map.entry(
                            "broker",
                            List.of(
                                    "model",
                                    "records",
                                    "storage",
                                    "core",
                                    "services",
                                    "protocol",
                                    "groups",
                                    "kafka",
                                    "cluster")),
                    Map.entry(
                            "cli",
                            List.of(
                                    "model",
                                    "records",
                                    "storage",
                                    "core",
                                    "cluster",
                                    "client",
                                    "broker",
                                    "protocol")),
                    Map.entry(
                            "simulation",
                            List.of("model", "records", "storage", "core", "services", "broker")));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(
                            ROOMS.keySet().stream().map(room -> "io.mlog." + room).toList());

    @TestFactory
    List<DynamicTest> roomImportsOnlyTheRoomsItMay() {
        return ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> checkImports(room)))
                .toList();
    }

    private static void checkImports(Map.Entry<String, List<String>> room) {
        String[] others =
                ROOMS.keySet().stream()
                        .filter(other -> !other.equals(room.getKey()))
                        .filter(other -> !room.getValue().contains(other))
                        .map(other -> "io.mlog." + other + "..")
                        .toArray(String[]::new);
        assertThat(CLASSES.that(resideInAPackage("io.mlog." + room.getKey() + ".."))).isNotEmpty();
        if (others.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage("io.mlog." + room.getKey() + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(CLASSES);
        }
    }

    @Test
    void coreTouchesNoFilesNoNetworkAndNoThreads() {
        noClasses()
                .that()
                .resideInAPackage("io.mlog.core..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "java.io", "java.net..", "java.nio.channels..", "java.nio.file.."))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .check(CLASSES);
    }

    @Test
    void coreAsksNoClockAndNoDice() {
        noClasses()
                .that()
                .resideInAPackage("io.mlog.core..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .check(CLASSES);
    }

    /**
     * Besides storage: the configuration file, the terminal, and the directory of the Raft library,
     * whose snapshots its adapter has to write.
     */
    @Test
    void onlyStorageOpensFiles() {
        noClasses()
                .that(
                        resideInAPackage("io.mlog..")
                                .and(resideOutsideOfPackage("io.mlog.storage.."))
                                .and(resideOutsideOfPackage("io.mlog.broker.config.."))
                                .and(resideOutsideOfPackage("io.mlog.cluster.raft.."))
                                .and(resideOutsideOfPackage("io.mlog.cli..")))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Files.class,
                        FileInputStream.class,
                        FileOutputStream.class,
                        FileReader.class,
                        FileWriter.class,
                        RandomAccessFile.class)
                .orShould()
                .callMethod(
                        FileChannel.class,
                        "open",
                        java.nio.file.Path.class,
                        java.nio.file.OpenOption[].class)
                .check(CLASSES);
    }

    @TestFactory
    List<DynamicTest> libraryIsKnownToItsOwnRoomsOnly() {
        return List.of(
                onlyIn("org.apache.kafka..", "io.mlog.kafka..", "io.mlog.groups.."),
                onlyIn("org.apache.kafka.coordinator..", "io.mlog.groups.."),
                onlyIn("org.apache.kafka.image..", "io.mlog.groups.embed.."),
                onlyIn("org.apache.kafka.server..", "io.mlog.groups.."),
                onlyIn("org.apache.kafka.storage..", "io.mlog.groups.embed.."),
                onlyIn("com.yammer.metrics..", "io.mlog.groups.embed.."),
                onlyIn("org.apache.ratis..", "io.mlog.cluster.raft.."),
                onlyIn("io.scalecube..", "io.mlog.cluster.gossip.."),
                onlyIn("reactor..", "io.mlog.cluster.gossip.."),
                onlyIn(
                        "io.netty..",
                        "io.mlog.broker.net..",
                        "io.mlog.broker.http..",
                        "io.mlog.client.."),
                onlyIn("com.fasterxml.jackson..", "io.mlog.protocol.."),
                onlyIn("io.prometheus..", "io.mlog.broker.metrics.."),
                onlyIn("picocli..", "io.mlog.cli.."),
                onlyIn("ch.qos.logback..", "io.mlog.cli.server.."));
    }

    /** Of Kafka's broker there is more in those jars than we have looked at. */
    @Test
    void nobodyKnowsWhatElseIsInTheJarsOfKafkasCoordinator() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka.timeline..",
                        "org.apache.kafka.metadata..",
                        "org.apache.kafka.deferred..")
                .check(CLASSES);
    }

    /** So that a broker without groups loads nothing of the coordinator. */
    @Test
    void answersOfABrokerWithoutGroupsNeedNoCoordinator() {
        noClasses()
                .that()
                .resideInAnyPackage("io.mlog.groups", "io.mlog.groups.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka.coordinator..",
                        "org.apache.kafka.image..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.storage..")
                .check(CLASSES);
    }

    private static DynamicTest onlyIn(String library, String... rooms) {
        return DynamicTest.dynamicTest(
                library,
                () -> {
                    noClasses()
                            .that()
                            .resideOutsideOfPackages(rooms)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(library)
                            .check(CLASSES);
                    assertThat(CLASSES.that(resideInAnyPackage(rooms)))
                            .as("a rule about %s that no class could break", library)
                            .anyMatch(type ->
                                    type.getDirectDependenciesFromSelf().stream()
                                            .anyMatch(dependency ->
                                                    resideInAPackage(library)
                                                            .test(dependency.getTargetClass())));
                });
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.mlog.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void everyPackageTellsItsPurposeAndIsNullMarked() {
        for (JavaPackage room : CLASSES.getPackage("io.mlog").getSubpackagesInTree()) {
            if (!room.getClasses().isEmpty()) {
                assertThat(room.isAnnotatedWith(NullMarked.class)).as(room.getName()).isTrue();
            }
        }
    }

    @Test
    void roomsDoNotKnowEachOtherInCircles() {
        com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices()
                .matching("io.mlog.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void classesThatStandForNothingAreNotNamedSo() {
        classes()
                .that(resideInAPackage("io.mlog..").and(alwaysTrue()))
                .should()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .check(CLASSES);
    }
}
