package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.JsonRpc;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small disk runs full: a named refusal, and no restart to recover from it. A tmpfs of 64 MB,
 * which needs the right to mount, is the slow form; the ordinary one simulates a disk.
 */
class DiskFullTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int DISK_BYTES = 64 << 20;

    /** A little more than is kept for the metadata log. */
    private static final int SIMULATED_BYTES = 24 << 20;

    private static final int MOST_PRODUCES = 400;
    private static final int MOST_CHANGES = 20_000;

    @TempDir Path folder;
    private BrokerProcess broker;
    private Optional<SmallDisk> mounted = Optional.empty();

    @BeforeEach
    void prepare() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
    }

    @AfterEach
    void endAndUnmount() throws Exception {
        broker.close();
        if (mounted.isPresent()) {
            mounted.get().close();
        }
    }

    private SmallDisk startOnTmpfs() throws Exception {
        SmallDisk disk = SmallDisk.mountOrSkip(folder.resolve("disk"), DISK_BYTES);
        mounted = Optional.of(disk);
        broker = BrokerProcess.in(disk.root().resolve("data"));
        broker.start();
        return disk;
    }

    @Test
    @Tag("slow")
    @Timeout(180)
    void aFullTmpfsRefusesByNameAndRecoversWithoutARestart() throws Exception {
        startOnTmpfs();
        refusesByNameAndRecovers();
    }

    @Test
    @Timeout(180)
    void aFullDiskRefusesByNameAndRecoversWithoutARestart() throws Exception {
        broker.disk("small:" + SIMULATED_BYTES).start();
        refusesByNameAndRecovers();
    }

    private void refusesByNameAndRecovers() throws Exception {
        long pid = broker.process().pid();
        Path text = writeText("small");

        String refusal = produceUntilRefused("fill");
        assertThat(JsonRpc.text(refusal, "code")).isEqualTo("DISK_FULL");
        assertThat(JsonRpc.text(refusal, "message")).isEqualTo(documentedRefusal());
        assertThat(refusal).contains("\"retriable\":true");
        aKafkaProducerIsRefusedToo();

        readsGoOn(text);
        assertThat(call("{\"id\":1,\"type\":\"ListTopics\"}")).contains("small", "fill");

        assertThat(call("{\"id\":1,\"type\":\"DeleteTopic\",\"topic\":\"fill\"}"))
                .contains("DeleteTopicResponse");
        awaitWritingToWork();
        assertThat(broker.process().isAlive()).isTrue();
        assertThat(broker.process().pid()).isEqualTo(pid);
        broker.kill9();
        broker.start();
        assertThat(call("{\"id\":1,\"type\":\"ListTopics\"}"))
                .contains("small")
                .doesNotContain("fill");
        readsGoOn(text);
    }

    /** Somebody else eats what is kept for the metadata log, so that this fails, too. */
    @Test
    @Tag("slow")
    @Timeout(180)
    void aDiskFilledByOthersToTheLastByteIsSurvivedByTheMetadataLogToo() throws Exception {
        SmallDisk disk = startOnTmpfs();
        long pid = broker.process().pid();
        Path text = writeText("small");
        Path others = disk.root().resolve("others");
        fill(others);

        assertThat(JsonRpc.text(produce("small"), "code")).isEqualTo("DISK_FULL");
        String committed = commit(0);
        assertThat(JsonRpc.text(committed, "code")).isEqualTo("COORDINATOR_NOT_AVAILABLE");
        assertThat(committed).contains("cannot be created yet", "\"retriable\":true");
        String unfinished = changeUntilRefused();
        assertThat(JsonRpc.text(unfinished, "code")).isEqualTo("REQUEST_TIMED_OUT");
        assertThat(JsonRpc.text(unfinished, "message"))
                .contains("may still happen", "No space left", "free some space");
        String next = change(0);
        assertThat(JsonRpc.text(next, "code")).isEqualTo("DISK_FULL");
        assertThat(JsonRpc.text(next, "message"))
                .contains("the metadata log cannot be written", "free some space", "by themselves");
        readsGoOn(text);
        assertThat(call("{\"id\":1,\"type\":\"ListTopics\"}")).contains("small");
        assertThat(broker.http("/health").statusCode()).isEqualTo(200);

        Files.delete(others);
        Await.until(LIMIT, "changes to work again", () -> !isRefused(change(0)));
        Await.until(LIMIT, "commits to work again", () -> !isRefused(commit(0)));
        awaitWritingToWork();
        assertThat(call("{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"later\"}"))
                .contains("CreateTopicResponse");
        assertThat(broker.process().pid()).isEqualTo(pid);
        assertThat(broker.process().isAlive()).isTrue();

        broker.kill9();
        broker.start();
        assertThat(call("{\"id\":1,\"type\":\"ListTopics\"}")).contains("small", "later");
        readsGoOn(text);
    }

    private static void fill(Path file) throws IOException {
        byte[] bytes = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private Path writeText(String topic) throws Exception {
        Path text = Lines.writeNonEmpty(folder.resolve("text"), 1_000, 5);
        new JavaKafkaSpeaker().write(broker.address(), topic, text);
        return text;
    }

    private String produceUntilRefused(String topic) throws Exception {
        for (int i = 0; i < MOST_PRODUCES; i++) {
            String answer = produce(topic);
            if (isRefused(answer)) {
                System.out.println("after " + i + " records of 500 kB: " + answer);
                return answer;
            }
        }
        throw new AssertionError("a small disk took " + MOST_PRODUCES + " records of 500 kB");
    }

    private String changeUntilRefused() throws Exception {
        for (int i = 0; i < MOST_CHANGES; i++) {
            String answer = change(i);
            if (isRefused(answer)) {
                System.out.println("after " + i + " changes: " + answer);
                return answer;
            }
        }
        throw new AssertionError("a full disk took " + MOST_CHANGES + " changes of metadata");
    }

    private String change(int number) throws Exception {
        return call(
                "{\"id\":1,\"type\":\"AlterTopic\",\"topic\":\"small\",\"configs\":{\"retention.ms\":\"%d\"}}"
                        .formatted(3_600_000 + number % 1_000));
    }

    private String commit(int number) throws Exception {
        return call(
                "{\"id\":1,\"type\":\"CommitOffset\",\"topic\":\"small\",\"consumerId\":\"%s\",\"offset\":%d}"
                        .formatted("c".repeat(200), number % 1_000));
    }

    private String produce(String topic) throws Exception {
        return call(
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\""
                        + topic
                        + "\",\"acks\":2,\"text\":\""
                        + "x".repeat(500_000)
                        + "\"}");
    }

    private void awaitWritingToWork() {
        Await.until(LIMIT, "writing to work again", () -> !isRefused(produce("small")));
    }

    private static boolean isRefused(String answer) {
        return answer.contains("\"Error\"");
    }

    /** The example of docs/protocol.md, with this broker's directory. */
    private String documentedRefusal() throws Exception {
        String example =
                Files.readAllLines(Checkout.root().resolve("docs/protocol.md")).stream()
                        .filter(line -> line.contains("\"code\":\"DISK_FULL\""))
                        .findFirst()
                        .orElseThrow();
        return JsonRpc.text(example, "message").replace(" /data ", " " + broker.dataDir() + " ");
    }

    private void aKafkaProducerIsRefusedToo() {
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
        assertThat(Files.mismatch(text, back))
                .as("first different byte, before what was written since")
                .isIn(-1L, Files.size(text));
    }

    private String call(String request) throws Exception {
        return JsonRpc.call(broker.rpcPort(), request);
    }
}
