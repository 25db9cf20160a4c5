package io.mlog.broker.groups;

import io.mlog.broker.partition.Partition;
import io.mlog.groups.CoordinatorLog;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** A partition that this broker hosts, as its coordinator sees it. */
final class HostedLog implements CoordinatorLog {
    private final Partition partition;

    HostedLog(Partition partition) {
        this.partition = partition;
    }

    @Override
    public int maxBatchBytes() {
        return partition.settings().maxBatchBytes();
    }

    @Override
    public int leaderEpoch() {
        return partition.writer().leaderEpoch();
    }

    @Override
    public long append(int epoch, ByteBuffer batches) {
        return partition.writer().append(epoch, batches);
    }

    @Override
    public long startOffset() {
        return partition.log().logStartOffset();
    }

    @Override
    public long endOffset() {
        return partition.log().logEndOffset();
    }

    @Override
    public long highWatermark() {
        return partition.highWatermark();
    }

    @Override
    public ByteBuffer read(long offset, int maxBytes) {
        return partition.writer().read(offset, maxBytes);
    }

    @Override
    public Registration onHighWatermark(int epoch, LongConsumer listener) {
        return partition.writer().follow(epoch, listener)::run;
    }
}
