package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.JsonRpc;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.Ran;
import io.mlog.systemtests.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real small file system runs full: a named refusal, and no restart to recover from it. */
@Tag("slow")
class DiskFullTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MOST_PRODUCES = 400;

    @TempDir Path folder;
    private Path disk;
    private BrokerProcess broker;
    private boolean mounted;

    @BeforeEach
    void mountAndStart() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        broker = BrokerProcess.in(disk.resolve("data"));
        mountOrSkip();
        broker.start();
    }

    @AfterEach
    void endAndUnmount() throws Exception {
        broker.close();
        if (mounted) {
            Commands.run(LIMIT, Launch.of("umount", disk.toString())).ok();
        }
    }

    private void mountOrSkip() throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            Assumptions.abort("mounting a tmpfs needs root");
        }
        Ran mount =
                Commands.run(
                        LIMIT,
                        Launch.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=64m",
                                "tmpfs",
                                disk.toString()));
        Tools.requireOrSkip(mount.exit() == 0, "no tmpfs can be mounted: " + mount.err());
        mounted = true;
    }

    @Test
    @Timeout(180)
    void fullDiskRefusesByNameAndRecoversWithoutARestart() throws Exception {
        long pid = broker.process().pid();
        Path text = Lines.writeNonEmpty(folder.resolve("text"), 1_000, 5);
        new JavaKafkaSpeaker().write(broker.address(), "small", text);

        String refusal = produceUntilRefused("fill");
        assertThat(JsonRpc.text(refusal, "code")).isEqualTo("DISK_FULL");
        assertThat(JsonRpc.text(refusal, "message"))
                .contains(broker.dataDir().toString(), "free", "delete topics");
        assertThat(refusal).contains("\"retriable\":true");
        aKafkaProducerIsRefusedToo();

        readsGoOn(text);
        assertThat(call("{\"id\":1,\"type\":\"ListTopics\"}")).contains("small", "fill");

        assertThat(call("{\"id\":1,\"type\":\"DeleteTopic\",\"topic\":\"fill\"}"))
                .contains("DeleteTopicResponse");
        Await.until(LIMIT, "writing to work again", () -> !isRefused(produce("small")));
        assertThat(broker.process().isAlive()).isTrue();
        assertThat(broker.process().pid()).isEqualTo(pid);
        survivesAKill();
    }

    private String produceUntilRefused(String topic) throws Exception {
        for (int i = 0; i < MOST_PRODUCES; i++) {
            String answer = produce(topic);
            if (isRefused(answer)) {
                System.out.println("after " + i + " records of 500 kB: " + answer);
                return answer;
            }
        }
        throw new AssertionError("64 MB of disk took " + MOST_PRODUCES + " records of 500 kB");
    }

    private String produce(String topic) throws Exception {
        return call(
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\""
                        + topic
                        + "\",\"acks\":2,\"text\":\""
                        + "x".repeat(500_000)
                        + "\"}");
    }

    private static boolean isRefused(String answer) {
        return answer.contains("\"Error\"");
    }

    private void aKafkaProducerIsRefusedToo() throws Exception {
        try (var producer =
                KafkaClients.producer(
                        broker.address(), Map.of("retries", 0, "enable.idempotence", false))) {
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>("small", 0, null, new byte[900_000]))
                                    .get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(KafkaStorageException.class);
        }
    }

    private void readsGoOn(Path text) throws Exception {
        Path back = folder.resolve("back");
        new JavaKafkaSpeaker().read(broker.address(), "small", 1_000, back);
        assertThat(Files.mismatch(text, back)).isEqualTo(-1);
    }

    private void survivesAKill() throws Exception {
        broker.kill9();
        broker.start();
        assertThat(call("{\"id\":1,\"type\":\"ListTopics\"}"))
                .contains("small")
                .doesNotContain("fill");
    }

    private String call(String request) throws Exception {
        return JsonRpc.call(broker.rpcPort(), request);
    }
}
