package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every row of the client matrix on one broker, and that docs/clients.md says what was run. {@code
 * -Dmlog.clients.write=true} writes the page's table anew.
 */
@Timeout(300)
class ClientMatrixTest {
    private static final Duration ROW_LIMIT = Duration.ofSeconds(150);

    @TempDir static Path folder;
    private static BrokerProcess broker;
    private static Scene scene;
    private static MatrixRun run;

    @BeforeAll
    static void startRows() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
        scene = new Scene(broker.address(), 1, folder.resolve("rows"));
        run = MatrixRun.start(scene, Matrix.chosen(), ROW_LIMIT);
    }

    @AfterAll
    static void end() throws Exception {
        run.close();
        scene.close();
        broker.close();
    }

    @TestFactory
    Stream<DynamicTest> everyClientDoesWhatThePageSays() {
        return run.tests();
    }

    @Test
    void noTwoRowsShareATopic() {
        assertThat(Matrix.rows()).extracting(Row::name).doesNotHaveDuplicates();
    }

    @Test
    void thePageSaysWhatIsRun() throws Exception {
        boolean write = Boolean.getBoolean("mlog.clients.write");
        List<String> lines = ClientsPage.lines(Matrix.rows(), write || Tools.required());
        if (write) {
            ClientsPage.write(lines);
        }
        assertThat(ClientsPage.written())
                .as("docs/clients.md; -Dmlog.clients.write=true writes its table anew")
                .isEqualTo(lines);
    }
}
