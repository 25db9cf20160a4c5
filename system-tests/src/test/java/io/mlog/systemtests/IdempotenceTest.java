package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.CuttingProxy;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.KafkaSink;
import io.mlog.systemtests.harness.MlogSink;
import io.mlog.systemtests.harness.NumberSink;
import io.mlog.systemtests.harness.NumberWriter;
import io.mlog.systemtests.harness.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A retry after an answer that never arrived does not write twice. */
class IdempotenceTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CUTS = 12;

    @TempDir static Path folder;
    private static BrokerProcess broker;
    private static CuttingProxy proxy;
    private static String proxyAddress;

    @BeforeAll
    static void startBrokerBehindProxy() throws Exception {
        int port = Ports.free(1).getFirst();
        proxyAddress = "127.0.0.1:" + port;
        broker =
                BrokerProcess.in(folder.resolve("data"))
                        .flag("--advertise-client-addr", proxyAddress);
        broker.start();
        proxy = CuttingProxy.before(broker.rpcPort(), port);
    }

    @AfterAll
    static void end() throws Exception {
        proxy.close();
        broker.close();
    }

    @Test
    @Timeout(120)
    void retriesOfTheKafkaProducerWriteNothingTwice() throws Exception {
        cutWhileWriting("kafka", new KafkaSink(proxyAddress, "kafka"));
    }

    @Test
    @Timeout(120)
    void retriesOfTheMlogProducerWriteNothingTwice() throws Exception {
        cutWhileWriting("mlog", new MlogSink(proxyAddress, "mlog"));
    }

    private static void cutWhileWriting(String topic, NumberSink sink) throws Exception {
        SplittableRandom random = new SplittableRandom(topic.hashCode());
        long cutsBefore = proxy.cuts();
        try (NumberWriter writer = new NumberWriter(topic, sink)) {
            for (int i = 0; i < CUTS; i++) {
                writer.awaitAcknowledged(LIMIT, writer.acknowledgedCount() + 500);
                long cutsByNow = proxy.cuts();
                proxy.cutAfterAnswerBytes(random.nextInt(1, 2_000));
                Await.until(LIMIT, "the cut", () -> proxy.cuts() > cutsByNow);
            }
            writer.awaitAcknowledged(LIMIT, writer.acknowledgedCount() + 5_000);
            long written = writer.finish();
            var stored = KafkaClients.readAll(proxyAddress, topic);
            writer.checkAgainst(stored);
            assertThat(stored).hasSize((int) written);
        }
        assertThat(proxy.cuts()).as("connections cut").isEqualTo(cutsBefore + CUTS);
    }
}
