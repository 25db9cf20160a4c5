package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KillScenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kill of the whole product on a disk that forgets what was not forced, as a power cut would:
 * nothing acknowledged at acks=all is among it. What the disk covers, and that the metadata log's
 * own files are not among it, is said at {@link io.mlog.systemtests.disk.DiskServer}.
 */
@Tag("slow")
class LostWritesTest {
    private static final Pattern LOST = Pattern.compile("the disk has lost (\\d+) bytes");

    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void prepare() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(240)
    void nothingAcknowledgedAtAcksAllIsLostWithTheBytesThatWereNotForced() throws Exception {
        broker.disk("lossy").start();
        assertThat(bytesLostInKills(5)).as("bytes lost at each kill").anyMatch(lost -> lost > 0);
    }

    @Test
    @Timeout(240)
    void norWhileSegmentsRoll() throws Exception {
        broker.disk("lossy").flag("--segment-bytes", "65536").start();
        assertThat(bytesLostInKills(5)).as("bytes lost at each kill").anyMatch(lost -> lost > 0);
    }

    @Test
    @Timeout(240)
    void onADiskThatTakesNoNoticeOfForcingTheSameScenarioFindsLosses() throws Exception {
        broker.disk("deaf").start();
        assertFindsLosses();
    }

    @Test
    @Timeout(240)
    void withoutForcingTheSameScenarioFindsLosses() throws Exception {
        broker.disk("lossy").flag("--flush", "os").flag("--flush-interval-ms", "86400000").start();
        assertFindsLosses();
    }

    /** By the clients, or by the broker, whose checkpoint says that there was more. */
    private void assertFindsLosses() {
        assertThatThrownBy(() -> bytesLostInKills(1))
                .hasMessageMatching("(?s).*(are lost|was not acknowledged|corrupt message).*");
    }

    private List<Long> bytesLostInKills(int kills) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        KillScenario scenario = new KillScenario(broker, new SplittableRandom(seed));
        List<Long> lost = new ArrayList<>();
        scenario.run(kills, () -> lost.add(bytesLostAtStart()));
        System.out.println("bytes lost at each kill: " + lost);
        return lost;
    }

    private long bytesLostAtStart() {
        Matcher told = LOST.matcher(broker.process().output());
        assertThat(told.find()).as(broker.process().output()).isTrue();
        return Long.parseLong(told.group(1));
    }
}
