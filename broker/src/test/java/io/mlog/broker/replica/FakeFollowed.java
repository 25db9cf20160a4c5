package io.mlog.broker.replica;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.broker.partition.FollowedPartition;
import io.mlog.broker.partition.ReplicaData;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import io.mlog.services.LeaderAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replica whose log is a number: every answer with records makes it longer by one, and then it
 * waits for its flush.
 */
final class FakeFollowed implements FollowedPartition {
    static final TopicId ORDERS = new TopicId(1, 2);

    final int index;
    final List<FetchPosition> askedFor = new ArrayList<>();
    final List<ReplicaData> received = new ArrayList<>();
    boolean waitsForFlush = true;
    boolean dropsRecords;
    @Nullable RuntimeException bug;
    private @Nullable FetchPosition position;
    private boolean flushed = true;

    FakeFollowed(int index, int leaderId) {
        this.index = index;
        follow(leaderId, 5);
    }

    void follow(int leaderId, int epoch) {
        long offset = position == null ? 100 : position.fetchOffset();
        position = new FetchPosition(leaderId, epoch, offset, 4, 0);
    }

    void followNobody() {
        position = null;
    }

    void flushed() {
        flushed = true;
    }

    @Override
    public TopicPartition name() {
        return new TopicPartition("orders", index);
    }

    @Override
    public TopicId topicId() {
        return ORDERS;
    }

    @Override
    public Optional<FetchPosition> position() {
        return flushed ? Optional.ofNullable(position) : Optional.empty();
    }

    @Override
    public void received(FetchPosition asked, ReplicaData data) {
        if (bug != null) {
            throw bug;
        }
        askedFor.add(asked);
        received.add(data);
        if (asked.equals(position) && !dropsRecords) {
            take(asked, data);
        }
    }

    private void take(FetchPosition asked, ReplicaData data) {
        long offset =
                data.divergence().map(OffsetAndEpoch::offset).orElse(asked.fetchOffset())
                        + (data.records().hasRemaining() ? 1 : 0);
        position = new FetchPosition(asked.leaderId(), asked.leaderEpoch(), offset, 4, 0);
        if (data.records().hasRemaining() && waitsForFlush) {
            flushed = false;
        }
    }

    LeaderAnswer.Entry records() {
        return entry(ErrorCode.NONE, Optional.empty(), ByteBuffer.allocate(10));
    }

    LeaderAnswer.Entry highWatermark() {
        return entry(ErrorCode.NONE, Optional.empty(), ByteBuffer.allocate(0));
    }

    LeaderAnswer.Entry error(ErrorCode error) {
        return entry(error, Optional.empty(), ByteBuffer.allocate(0));
    }

    LeaderAnswer.Entry divergence(long offset) {
        return entry(
                ErrorCode.NONE, Optional.of(new OffsetAndEpoch(offset, 3)), ByteBuffer.allocate(0));
    }

    TopicIdPartition id() {
        return new TopicIdPartition(ORDERS, index);
    }

    private LeaderAnswer.Entry entry(
            ErrorCode error, Optional<OffsetAndEpoch> divergence, ByteBuffer records) {
        return new LeaderAnswer.Entry(id(), error, 90, 0, divergence, records);
    }
}
