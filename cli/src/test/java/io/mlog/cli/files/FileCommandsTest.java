package io.mlog.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cli.Mlog;
import io.mlog.core.producer.ProducerStates;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.LogConfig;
import io.mlog.storage.PartitionLog;
import io.mlog.storage.ProducerState;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FileCommandsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path data = Path.of("");
    private Path segment = Path.of("");

    @BeforeEach
    void writeAndStop() throws IOException {
        data = folder.resolve("data");
        segment = data.resolve("orders-0/00000000000000000000.log");
        DataDirectory directory =
                DataDirectory.open(new RealFileStore(), data, 0, Clock.systemUTC(), new Random(1));
        directory.claim("cluster", "node-1");
        PartitionLog log =
                directory.createLog(
                        ORDERS, new TopicId(1, 2), LogConfig.DEFAULT, new OneProducer());
        log.append(batch("one", "two"), 0, 5);
        log.append(batch("three"), 0, 6);
        directory.closeCleanly(Map.of(ORDERS, 3L));
        Files.createDirectories(data.resolve("raft/group/current"));
    }

    @Test
    void aSoundDirectoryIsASummaryAndExitCode0() throws IOException {
        long size = Files.size(segment);
        assertThat(run("verify", data.toString())).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        "sound: 1 partitions, 1 segments, 2 batches, %d bytes of log; 0 findings, 0 notes\n"
                                .formatted(size));
        assertThat(run("verify", data.toString(), "--output", "json")).isZero();
        assertThat(out.toString())
                .isEqualTo(
                        "{\"type\":\"summary\",\"partitions\":1,\"segments\":1,\"batches\":2,\"bytes\":%d,\"findings\":0,\"notes\":0}\n"
                                .formatted(size));
    }

    @Test
    void aFindingIsALineWithFilePositionOffsetExpectedAndFoundAndExitCode1() throws IOException {
        flip(segment, 70);
        assertThat(run("verify", data.toString())).isEqualTo(1);
        assertThat(out.toString().lines().findFirst().orElseThrow())
                .startsWith(segment + " at position 0 (offset ")
                .contains("): expected CRC-32C ", ", found ");
        assertThat(out.toString()).contains("damaged: 1 partitions", "1 findings");
        assertThat(run("verify", data.toString(), "--output", "json")).isEqualTo(1);
        assertThat(out.toString())
                .startsWith("{\"type\":\"finding\",\"file\":\"" + segment + "\",\"position\":0,");
    }

    @Test
    void partitionsWithoutTheirMetadataLogAreAFindingSinceNoBrokerStartsOnThem()
            throws IOException {
        Files.delete(data.resolve("raft/group/current"));
        assertThat(run("verify", data.toString())).isEqualTo(1);
        assertThat(out.toString())
                .startsWith(
                        data.resolve("raft")
                                + " at position 0: expected the metadata log, found none");
    }

    @Test
    void damageInTheMetadataLogIsAFinding() throws IOException {
        Path log = data.resolve("raft/group/current/log_0-3");
        Files.writeString(log, "RaftLog1 and then no entry");
        assertThat(run("verify", data.toString())).isEqualTo(1);
        assertThat(out.toString()).startsWith(log + " at position 8: expected ");
        assertThat(run("dump", log.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("kind=\"metadata log\"", "damage position=8 ");
    }

    @Test
    void whatIsNoDataDirectoryIsOneLineOnStderrAndExitCode1() {
        assertThat(run("verify", folder.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("mlog verify: " + folder + " is no data directory of mlog\n");
        assertThat(run("verify", folder.resolve("nowhere").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("nowhere").hasLineCount(1);
        assertThat(run("verify")).isEqualTo(2);
    }

    @Test
    void filesAreDumpedOneAfterTheOtherAndRecordsOnDemand() throws IOException {
        Path metadata = data.resolve("orders-0/partition.metadata");
        assertThat(run("dump", metadata.toString(), segment.toString(), "--records")).isZero();
        assertThat(out.toString().lines())
                .contains(
                        "partition topic=\"orders\" partition=0 topicId=\"%s\""
                                .formatted(new TopicId(1, 2)),
                        "record offset=1 timestampMs=7 key=null value=\"two\"")
                .anyMatch(line -> line.startsWith("batch position=0 "));

        assertThat(run("dump", segment.toString(), "--output", "json")).isZero();
        assertThat(out.toString().lines())
                .hasSize(3)
                .first()
                .isEqualTo(
                        "{\"type\":\"file\",\"path\":\"%s\",\"kind\":\"segment\",\"sizeBytes\":%d}"
                                .formatted(segment, Files.size(segment)));
    }

    @Test
    void theProducersOfASnapshotAreListed() {
        Path snapshot = data.resolve("orders-0/producers-00000000000000000003.snapshot");
        assertThat(run("dump", snapshot.toString())).isZero();
        assertThat(out.toString().lines())
                .contains(
                        "producers offset=3 stateBytes=48",
                        "producer producerId=9 producerEpoch=1 firstSequence=0 lastAppendMs=5"
                                + " batches=[{\"baseSequence\":0,\"records\":3,\"baseOffset\":0}]");
    }

    @Test
    void aFileThatCannotBeDumpedFailsTheCommandButNotTheOthers() throws IOException {
        flip(data.resolve("identity"), 20);
        assertThat(
                        run(
                                "dump",
                                data.resolve("identity").toString(),
                                data.resolve("missing").toString(),
                                segment.toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("mlog dump: "))
                .anyMatch(line -> line.contains("identity at position 12: expected checksum"))
                .anyMatch(line -> line.contains("missing"));
        assertThat(out.toString()).contains("batch position=0");
        flip(segment, 70);
        assertThat(run("dump", segment.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("damage position=0 ", "whole=false");
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 4;
        Files.write(file, bytes);
    }

    private static ByteBuffer batch(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024, 1 << 20);
        builder.reset(Codec.NONE);
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            assertThat(builder.appendValue(7, bytes, 0, bytes.length)).isTrue();
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Mlog.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(words);
    }

    /** State of a partition that producer 9 has written three records to. */
    private static final class OneProducer implements ProducerState {
        @Override
        public byte[] snapshot() {
            ProducerStates states = new ProducerStates(10, 1000);
            states.appended(9, (short) 1, 0, 3, 0, 5);
            return states.snapshot();
        }

        @Override
        public void reset() {}

        @Override
        public void restore(long offset, ByteBuffer snapshot) {}

        @Override
        public Map<Long, Long> lastBatchesBelow(long offset) {
            return Map.of();
        }

        @Override
        public void replay(ByteBuffer header, int at) {}
    }
}
