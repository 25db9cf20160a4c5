package io.mlog.systemtests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The make targets that compile, run one after the other on a copy of the checkout in which nothing
 * is built. The targets that run tests are narrowed to a few classes by the copy's own {@code
 * .mvn/maven.config}, since this test would else run itself.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MakeFromScratchTest {
    static final List<String> TARGETS =
            List.of(
                    "test",
                    "test-one",
                    "test-slow",
                    "test-coverage",
                    "simulate",
                    "chaos",
                    "bench",
                    "format",
                    "check",
                    "clean");

    private static final Duration LIMIT = Duration.ofMinutes(40);
    private static final String FEW_TESTS = "PeerIdTest,FrameTest,VarintTest,LinesTest";

    @TempDir static Path folder;
    private static CheckoutCopy copy;

    @BeforeAll
    static void copyCheckout() throws Exception {
        copy = CheckoutCopy.fresh(folder.resolve("mlog"));
        narrowTo(FEW_TESTS);
    }

    private static void narrowTo(String classes) throws Exception {
        Path config = Files.createDirectories(copy.root().resolve(".mvn")).resolve("maven.config");
        Files.writeString(
                config, "-Dtest=" + classes + "\n-Dsurefire.failIfNoSpecifiedTests=false\n");
    }

    @Test
    @Order(1)
    @Timeout(2_500)
    void testBuildsWhatIsMissingAndRunsTheTests() throws Exception {
        Ran ran = make("test");
        assertThat(ran.out()).contains("building mlog", "LinesTest", " tests in ", " 0 failed");
        assertThat(copy.root().resolve("dist/lib")).isNotEmptyDirectory();
        assertThat(make("build").out()).as("built once").doesNotContain("building mlog");
    }

    @Test
    @Order(2)
    @Timeout(2_500)
    void testOneRunsOneClass() throws Exception {
        assertThat(make("test-one", "CLASS=BoundedLogTest").out())
                .contains("BoundedLogTest", "tests in 1 classes: 0 failed");
    }

    @Test
    @Order(3)
    @Timeout(2_500)
    void testSlowRunsTheSlowOnesOnly() throws Exception {
        narrowTo("LinesTest,DiskFullTest");
        try {
            assertThat(make("test-slow").out())
                    .contains("DiskFullTest", " 0 failed")
                    .doesNotContain("Running io.mlog.systemtests.harness.LinesTest");
        } finally {
            narrowTo(FEW_TESTS);
        }
    }

    @Test
    @Order(4)
    @Timeout(2_500)
    void simulateRunsAsManySeedsAsItIsTold() throws Exception {
        assertThat(make("simulate", "SEEDS=3").out()).contains("tests in 1 classes: 0 failed");
    }

    @Test
    @Order(5)
    @Timeout(2_500)
    void chaosRunsForAsLongAsItIsToldAndSaysItsSeed() throws Exception {
        assertThat(make("chaos", "DURATION=5s", "SEED=7").out())
                .contains("chaos: seed 7, THOROUGH, for PT5S", "tests in 1 classes: 0 failed");
    }

    @Test
    @Order(6)
    @Timeout(2_500)
    void testCoverageTellsEachModulesShare() throws Exception {
        assertThat(make("test-coverage").out()).containsPattern("(?m)^records +[0-9. ]+% of instr");
    }

    @Test
    @Order(7)
    @Timeout(2_500)
    void formatMendsWhatCheckFinds() throws Exception {
        make("check");
        Path source = copy.root().resolve("model/src/main/java/io/mlog/model/TopicName.java");
        String good = Files.readString(source);
        Files.writeString(source, good.replace("    ", "  "));
        assertThat(Commands.run(LIMIT, copy.make("check")).exit()).isEqualTo(2);
        make("format");
        assertThat(source).hasContent(good);
    }

    @Test
    @Order(8)
    @Timeout(2_500)
    void benchComparesWithKafkasBroker() throws Exception {
        assertThat(make("bench", "ARGS=1 0.01").out())
                .contains("| work | broker |", "| mlog", "| kafka |");
    }

    @Test
    @Order(9)
    @Timeout(300)
    void cleanLeavesTheSourcesOnly() throws Exception {
        make("clean");
        try (var files = Files.walk(copy.root())) {
            assertThat(files.filter(file -> file.endsWith("target") || file.endsWith("dist")))
                    .isEmpty();
        }
        assertThat(copy.root().resolve("pom.xml")).exists();
    }

    private static Ran make(String... arguments) throws Exception {
        return Commands.run(LIMIT, copy.make(arguments)).ok();
    }
}
