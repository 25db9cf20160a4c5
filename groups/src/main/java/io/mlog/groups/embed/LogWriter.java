package io.mlog.groups.embed;

import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.embed.Tenures.Tenure;
import io.mlog.model.MlogException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Writes a coordinator's records, under the leadership that its state was loaded in and no other
 * ({@link Tenures}). The batches are appended as they are: the log gives them offsets and leader
 * epoch in place. Called by the coordinator's threads, one for a partition at a time.
 */
final class LogWriter implements PartitionWriter {
    private final CoordinatorLogs logs;
    private final Tenures tenures;
    private final PassingRecords passing;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final Map<Listener, CoordinatorLog.Registration> listening = new ConcurrentHashMap<>();
    private final Map<Integer, LogConfig> configs = new ConcurrentHashMap<>();

    LogWriter(CoordinatorLogs logs, Tenures tenures, PassingRecords passing) {
        this.logs = logs;
        this.tenures = tenures;
        this.passing = passing;
    }

    /**
     * The log tells the high watermark at once: a coordinator whose load passed it would otherwise
     * wait for its next move, which may never come.
     */
    @Override
    public void registerListener(TopicPartition partition, Listener listener) {
        listening.put(
                listener,
                log(partition)
                        .onHighWatermark(
                                tenure(partition).epoch(),
                                offset -> listener.onHighWatermarkUpdated(partition, offset)));
    }

    @Override
    public void deregisterListener(TopicPartition partition, Listener listener) {
        CoordinatorLog.Registration registration = listening.remove(listener);
        if (registration != null) {
            registration.close();
        }
    }

    /** Only its size limit is read. */
    @Override
    public LogConfig config(TopicPartition partition) {
        return configs.computeIfAbsent(
                log(partition).maxBatchBytes(),
                bytes -> new LogConfig(Map.of("max.message.bytes", bytes)));
    }

    @Override
    public long append(
            TopicPartition partition,
            VerificationGuard guard,
            MemoryRecords records,
            short transactionVersion) {
        long end;
        try {
            end = log(partition).append(tenure(partition).epoch(), records.buffer().duplicate());
        } catch (MlogException e) {
            throw KafkaErrors.of(e);
        }
        show(partition.partition(), records);
        return end;
    }

    private void show(int partition, MemoryRecords records) {
        for (MutableRecordBatch batch : records.batches()) {
            for (Record record : batch) {
                if (passing.wants(record.key().getShort(0))) {
                    passing.written(
                            partition,
                            record.timestamp(),
                            serde.deserialize(record.key(), record.value()));
                }
            }
        }
        passing.batchEnds(partition);
    }

    private CoordinatorLog log(TopicPartition partition) {
        return logs.log(partition.partition())
                .orElseThrow(
                        () -> KafkaErrors.notLeader(partition + " has no replica on this broker"));
    }

    private Tenure tenure(TopicPartition partition) {
        Tenure tenure = tenures.present(partition.partition());
        if (tenure == null) {
            throw KafkaErrors.notLeader("this broker does not lead " + partition + " any more");
        }
        return tenure;
    }

    /** Transactions are not offered, so nobody asks. */
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition partition,
            String transactionalId,
            long producerId,
            short producerEpoch,
            int apiVersion) {
        return CompletableFuture.failedFuture(
                new UnsupportedVersionException("transactional offset commits are not offered"));
    }

    /** Only share groups shorten their log, and those are not offered. */
    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition partition, long beforeOffset) {
        return CompletableFuture.failedFuture(
                new UnsupportedVersionException("share groups are not offered"));
    }
}
