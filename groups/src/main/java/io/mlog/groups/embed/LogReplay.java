package io.mlog.groups.embed;

import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.embed.Tenures.Tenure;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer.UnknownRecordTypeException;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of a partition into a coordinator's state. It steps from batch to batch, over what
 * compaction left out, and skips kinds of records that this version does not know.
 *
 * <p>The state can be read as of offsets that it was told of while it was built, so it is told of:
 * the high watermark, once everything below it was replayed; every end of a batch behind it, which
 * is where the high watermark may come to stand; and below it now and then, so that what is
 * replaced during a long load need not be kept. One thread, used once.
 */
final class LogReplay {
    private static final Logger LOG = LoggerFactory.getLogger(LogReplay.class);

    private static final int READ_BYTES = 1 << 20;

    /** As Kafka's own loader, which has measured it. */
    private static final long OFFSETS_BETWEEN_COMMITS = 16_384;

    private final TopicPartition partition;
    private final CoordinatorLog log;
    private final Tenure tenure;
    private final CoordinatorPlayback<CoordinatorRecord> playback;
    private final PassingRecords passing;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final long highWatermark;
    private long written;
    private long committed;
    private long records;
    private long bytes;

    LogReplay(
            TopicPartition partition,
            CoordinatorLog log,
            Tenure tenure,
            CoordinatorPlayback<CoordinatorRecord> playback,
            PassingRecords passing) {
        this.partition = partition;
        this.log = log;
        this.tenure = tenure;
        this.playback = playback;
        this.passing = passing;
        this.highWatermark = log.highWatermark();
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /** Throws when the log cannot be read or does not hold what a coordinator writes. */
    void run() {
        long position = log.startOffset();
        while (position < log.endOffset() && !tenure.superseded()) {
            ByteBuffer read = log.read(position, READ_BYTES);
            if (!read.hasRemaining()) {
                break;
            }
            bytes += read.remaining();
            position = replay(read, position);
        }
        commit(Math.min(highWatermark, log.endOffset()));
    }

    private long replay(ByteBuffer read, long from) {
        long position = from;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(read).batches()) {
            if (tenure.superseded()) {
                return position;
            }
            if (batch.nextOffset() <= position) {
                continue;
            }
            batch.ensureValid();
            if (batch.nextOffset() > highWatermark) {
                commit(Math.min(highWatermark, batch.baseOffset()));
            }
            replay(batch);
            passing.batchEnds(partition.partition());
            position = batch.nextOffset();
            if (position > highWatermark) {
                wrote(position);
            } else if (position - committed >= OFFSETS_BETWEEN_COMMITS) {
                commit(position);
            }
        }
        if (position == from) {
            throw new IllegalStateException(
                    "no batch at or behind offset "
                            + from
                            + " in "
                            + read.limit()
                            + " bytes of "
                            + partition);
        }
        return position;
    }

    private void replay(MutableRecordBatch batch) {
        for (Record record : batch) {
            records++;
            if (batch.isControlBatch()) {
                replayMarker(batch, record);
            } else {
                replay(batch, record);
            }
        }
    }

    private void replayMarker(MutableRecordBatch batch, Record record) {
        ControlRecordType type = ControlRecordType.parse(record.key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            playback.replayEndTransactionMarker(
                    batch.producerId(),
                    batch.producerEpoch(),
                    type == ControlRecordType.COMMIT
                            ? TransactionResult.COMMIT
                            : TransactionResult.ABORT);
        }
    }

    private void replay(MutableRecordBatch batch, Record record) {
        CoordinatorRecord decoded;
        try {
            decoded = serde.deserialize(record.key(), record.value());
        } catch (UnknownRecordTypeException e) {
            LOG.warn(
                    "{} has a record of the unknown type {} at offset {}: a newer version's, it is"
                            + " left out",
                    partition,
                    e.unknownType(),
                    record.offset());
            return;
        }
        playback.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
        if (!batch.isTransactional()) {
            passing.loaded(partition.partition(), record.timestamp(), decoded);
        }
    }

    private void wrote(long offset) {
        if (offset > written) {
            playback.updateLastWrittenOffset(offset);
            written = offset;
        }
    }

    private void commit(long offset) {
        wrote(offset);
        if (offset > committed) {
            playback.updateLastCommittedOffset(offset);
            committed = offset;
        }
    }
}
