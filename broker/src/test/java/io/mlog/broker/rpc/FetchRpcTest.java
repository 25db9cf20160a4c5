package io.mlog.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.net.Eventually;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.Fetch;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.FetchedRecord;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.ResponseCodec;
import io.mlog.services.FetchCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchRpcTest {
    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = RpcFixture.serving();
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    /** Appends {@code count} records {@code r0}, {@code r1}, … in batches of {@code perBatch}. */
    private void fill(int count, int perBatch, String compression) throws Exception {
        for (int base = 0; base < count; base += perBatch) {
            List<NewRecord> records = new ArrayList<>();
            for (int i = base; i < base + perBatch; i++) {
                records.add(NewRecord.of("k" + i, "r" + i));
            }
            rpc.call(
                    new ProduceBatch.Request(
                            "t",
                            records,
                            OptionalInt.of(0),
                            Acks.LEADER,
                            Optional.of(compression),
                            1_000,
                            Optional.empty()));
        }
    }

    private FetchBatch.Response fetch(long offset, int maxCount, int maxBytes) throws Exception {
        return (FetchBatch.Response)
                rpc.call(new FetchBatch.Request("t", 0, offset, maxCount, maxBytes, 0, false));
    }

    private static Fetch.Request one(OptionalLong offset, Optional<String> consumer, int waitMs) {
        return new Fetch.Request("t", 0, offset, consumer, waitMs, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd"})
    void recordsAreReadFromTheMiddleOfABatchToTheCountAskedFor(String compression)
            throws Exception {
        fill(100, 10, compression);

        FetchBatch.Response found = fetch(13, 20, 1 << 20);

        assertThat(found.entries()).hasSize(20);
        FetchedRecord first = found.entries().getFirst();
        assertThat(first.offset()).isEqualTo(13);
        assertThat(first.key()).isEqualTo(Bytes.utf8("k13"));
        assertThat(first.value()).isEqualTo(Bytes.utf8("r13"));
        assertThat(first.timestampMs()).isEqualTo(RpcFixture.NOW_MS);
        assertThat(found.entries().getLast().offset()).isEqualTo(32);
        assertThat(found.nextOffset()).isEqualTo(33);
        assertThat(found.highWatermark()).isEqualTo(100);
    }

    @Test
    void bytesBoundTheAnswerButNeverToNothing() throws Exception {
        fill(10, 10, "none");

        assertThat(fetch(0, 100, 1).entries()).hasSize(1);
        assertThat(fetch(0, 100, 13).entries()).hasSize(3);
        assertThat(fetch(0, 100, 13).nextOffset()).isEqualTo(3);
    }

    @Test
    void everythingIsReadOnceByFollowingNextOffset() throws Exception {
        fill(2_000, 100, "none");
        long offset = 0;
        while (offset < 2_000) {
            FetchBatch.Response found = fetch(offset, 77, 5_000);
            for (FetchedRecord record : found.entries()) {
                assertThat(record.offset()).isEqualTo(offset);
                assertThat(record.value()).isEqualTo(Bytes.utf8("r" + offset));
                offset++;
            }
            assertThat(found.nextOffset()).isEqualTo(offset);
        }
    }

    @Test
    void batchesLargerThanOneReadAreReadWhole() throws Exception {
        String large = "x".repeat(SliceBatches.PIECE_BYTES);
        for (int i = 0; i < 3; i++) {
            rpc.call(
                    new ProduceBatch.Request(
                            "t",
                            List.of(NewRecord.of("small " + i), NewRecord.of(large + i)),
                            OptionalInt.of(0),
                            Acks.LEADER,
                            Optional.empty(),
                            1_000,
                            Optional.empty()));
        }

        FetchBatch.Response found = fetch(0, 100, 1 << 20);

        assertThat(found.entries()).hasSize(6);
        assertThat(found.entries().get(3).value()).isEqualTo(Bytes.utf8(large + 1));
    }

    @Test
    void damagedBytesAreAnErrorAndWhatIsBeforeThemIsRead() throws Exception {
        fill(20, 10, "none");
        rpc.broker.log("t", 0).damage(1);

        assertThat(fetch(0, 100, 1 << 20).entries()).hasSize(10);

        ErrorResponse error =
                (ErrorResponse)
                        rpc.call(new FetchBatch.Request("t", 0, 10, 100, 1 << 20, 0, false));
        assertThat(error.code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(error.message()).contains("checksum");
    }

    @Test
    void gapsThatCompactionLeftArePassed() throws Exception {
        fill(30, 10, "none");
        rpc.broker.log("t", 0).remove(1);

        assertThat(fetch(10, 1, 1 << 20).entries().getFirst().offset()).isEqualTo(20);
        assertThat(fetch(5, 100, 1 << 20).entries()).hasSize(15);
    }

    @Test
    void anEmptyPartitionHasNoEntryYet() throws Exception {
        assertThat(rpc.call(one(OptionalLong.of(0), Optional.empty(), 0)))
                .isEqualTo(new Fetch.Response(Optional.empty(), 0));
        assertThat(fetch(0, 5, 100)).isEqualTo(new FetchBatch.Response(List.of(), 0, 0, 0));
    }

    @Test
    void aFetchThatWaitsDoesNotDelayTheRequestBehindIt() throws Exception {
        long waiting = rpc.send(one(OptionalLong.of(0), Optional.empty(), 60_000));
        assertThat(rpc.call(new ListTopics.Request())).isInstanceOf(ListTopics.Response.class);
        fill(1, 1, "none");

        rpc.broker
                .waitingFetches
                .getFirst()
                .accept(
                        List.of(
                                rpc.broker.found(
                                        FetchCommand.PartitionFetch.ofConsumer(
                                                new TopicPartition("t", 0), 0, 1, -1),
                                        rpc.broker.log("t", 0))));

        var response = rpc.receive();
        assertThat(response.id()).hasValue(waiting);
        assertThat(((Fetch.Response) response.response()).entry().orElseThrow().value())
                .isEqualTo(Bytes.utf8("r0"));
    }

    @Test
    void aWaitIsGivenUpWhenTheClientGoes() throws Exception {
        rpc.send(one(OptionalLong.of(0), Optional.empty(), 60_000));
        Eventually.holds("waits", () -> rpc.broker.waitingFetches.size() == 1);

        rpc.peer.end();

        Eventually.holds("given up", () -> rpc.broker.cancelled.get() == 1);
    }

    @Test
    void withoutAnOffsetAConsumerReadsWhereItStoppedOrFromTheStart() throws Exception {
        fill(10, 10, "none");
        Fetch.Request request = one(OptionalLong.empty(), Optional.of("me"), 0);
        Fetch.Response first = (Fetch.Response) rpc.call(request);
        assertThat(first.entry().orElseThrow().offset()).isZero();

        rpc.call(new CommitOffset.Request("t", 0, "me", 7));

        Fetch.Response second = (Fetch.Response) rpc.call(request);
        assertThat(second.entry().orElseThrow().offset()).isEqualTo(7);
    }

    @Test
    void whereAConsumerStoppedIsAskedOfItsCoordinatorWhereverThatIs() throws Exception {
        fill(10, 10, "none");

        Fetch.Response found =
                (Fetch.Response)
                        rpc.call(one(OptionalLong.empty(), Optional.of(FakeGroups.ELSEWHERE), 0));

        assertThat(found.entry().orElseThrow().offset()).isEqualTo(FakeGroups.COMMITTED_ELSEWHERE);
    }

    @Test
    void refusalsArePassedOn() throws Exception {
        assertThat(rpc.call(new FetchBatch.Request(FakeBroker.ELSEWHERE, 0, 0, 1, 1, 0, false)))
                .isEqualTo(
                        ErrorResponse.notLeader("node-2 leads it", new HostPort("10.0.0.2", 9094)));
        assertThat(rpc.call(new FetchBatch.Request("t", 0, 99, 1, 1, 0, false)))
                .isEqualTo(ErrorResponse.of(ErrorCode.OFFSET_OUT_OF_RANGE, "offset 99 is too far"));
    }

    @Test
    void compressedBatchesAreOpenedElsewhereWhileOthersAreAnswered() throws Exception {
        try (RpcFixture shared = RpcFixture.servingWithHandOvers()) {
            RpcFixture before = rpc;
            rpc = shared;
            fill(20, 10, "none");
            fill(10, 10, "gzip");
            rpc = before;

            FetchBatch.Request plain = new FetchBatch.Request("t", 0, 0, 20, 1 << 20, 0, false);
            FetchBatch.Response atOnce = (FetchBatch.Response) shared.call(plain);
            assertThat(atOnce.entries()).hasSize(20);
            assertThat(shared.handedOver).isEmpty();

            long id = shared.send(new FetchBatch.Request("t", 0, 5, 25, 1 << 20, 0, false));
            Runnable rest = shared.handedOver.poll(20, TimeUnit.SECONDS);
            assertThat(rest).isNotNull();
            assertThat(shared.call(new ListTopics.Request()))
                    .isInstanceOf(ListTopics.Response.class);
            rest.run();

            ResponseCodec.Decoded late = shared.receive();
            assertThat(late.id()).hasValue(id);
            assertThat(((FetchBatch.Response) late.response()).entries()).hasSize(25);
        }
    }
}
