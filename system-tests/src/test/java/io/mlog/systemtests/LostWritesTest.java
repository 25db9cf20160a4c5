package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KillScenario;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kill on a file store that loses every byte not yet forced to disk, as a power cut would:
 * nothing acknowledged at acks=all is among them.
 */
@Tag("slow")
class LostWritesTest {
    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void prepare() throws Exception {
        broker =
                BrokerProcess.in(folder.resolve("data"))
                        .jvmOptions("-Dmlog.test.dropUnsynced=true");
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(240)
    void nothingAcknowledgedAtAcksAllIsLostWithTheBytesThatWereNotForced() throws Exception {
        broker.start();
        killOften(4);
    }

    @Test
    @Timeout(240)
    void withoutForcingTheSameScenarioFindsLosses() throws Exception {
        broker.flag("--flush", "os").flag("--flush-interval-ms", "86400000").start();
        assertThatThrownBy(() -> killOften(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s).*(are lost|was not acknowledged).*");
    }

    private void killOften(int kills) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        new KillScenario(broker, new SplittableRandom(seed)).run(kills);
    }
}
