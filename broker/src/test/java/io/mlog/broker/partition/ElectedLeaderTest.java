package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.replication.PartitionView;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** R12 on a real log: a partition that has just begun to lead. */
class ElectedLeaderTest extends ThreeReplicas {
    @Test
    void untilTheHighWatermarkReachesTheEpochsStartItIsToldToNobody() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.produce(Acks.LEADER, "b");
        second.catchUpWith(leader);
        assertThat(second.hw()).isEqualTo(1);

        second.image(2, 2, 2, 2, 2, 3);
        third.image(2, 2, 2, 2, 2, 3);

        assertThat(second.hw()).isEqualTo(1);
        assertThat(latestOf(second)).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
        PartitionFetched beyond = second.consume(2, false);
        assertThat(beyond.error()).isEqualTo(ErrorCode.NONE);
        assertThat(beyond.records().sizeBytes()).isZero();
        assertThat(beyond.highWatermark()).isEqualTo(-1);
        assertThat(Node.bytes(second.consume(0, false).records()).hasRemaining()).isTrue();
        assertThat(second.consume(3, false).error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);

        third.catchUpWith(second);
        assertThat(second.hw()).isEqualTo(2);
        assertThat(second.consume(2, false).highWatermark()).isEqualTo(2);
        assertThat(second.records.findOffset(Node.ORDERS, new OffsetWanted.Latest()).join())
                .isEqualTo(new OffsetFound(2, -1, 2));
    }

    private static ErrorCode latestOf(Node node) {
        try {
            node.records.findOffset(Node.ORDERS, new OffsetWanted.Latest()).join();
            return ErrorCode.NONE;
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof MlogException refusal) {
                return refusal.code();
            }
            throw failure;
        }
    }

    @Test
    void onlyTheLeaderSaysWhereTheLogEndsAnyReplicaWhereItBegins() {
        all(1, 1, 1, 1, 2);

        assertThat(latestOf(leader)).isEqualTo(ErrorCode.NONE);
        assertThat(latestOf(second)).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(
                        second.records
                                .findOffset(Node.ORDERS, new OffsetWanted.Earliest())
                                .join()
                                .offset())
                .isZero();
        assertThatThrownBy(() ->
                        second.records
                                .findOffset(Node.ORDERS, new OffsetWanted.AtOrAfter(1))
                                .join())
                .hasMessageContaining("does not lead");
        assertThatThrownBy(() -> second.records.deleteRecords(Node.ORDERS, -1).join())
                .hasMessageContaining("does not lead");
    }

    @Test
    void aNewLeaderFlushesWhatItHadNotBeforeThatCounts() {
        all(1, 1, 1, 1, 2);
        leader.produce(Acks.LEADER, "a");
        second.fetchFrom(leader);
        second.wantFlush.clear();

        second.image(2, 2, 2, 1, 2);

        assertThat(second.hw()).isZero();
        assertThat(second.flush()).isTrue();
        assertThat(second.hw()).isOne();
    }

    @Test
    void theHighWatermarkSurvivesARestartAndIsNeverServedLower() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.checkpoint();
        leader.produce(Acks.ALL, "b");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(leader.hw()).isEqualTo(2);

        leader.crash(Crash.POWER);
        assertThat(leader.hw()).isEqualTo(1);
        assertThat(leader.promised()).isEqualTo(1);
        PartitionView restarted =
                new PartitionView(
                        1,
                        2,
                        2,
                        List.of(1, 2, 3),
                        List.of(1, 2, 3),
                        2,
                        Map.of(1, leader.boot, 2, 20L, 3, 30L));
        leader.partition.apply(restarted);
        second.partition.apply(restarted);
        third.partition.apply(restarted);

        assertThat(latestOf(leader)).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
        assertThat(leader.consume(2, false).error()).isEqualTo(ErrorCode.NONE);
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(leader.consume(2, false).highWatermark()).isEqualTo(2);
    }
}
