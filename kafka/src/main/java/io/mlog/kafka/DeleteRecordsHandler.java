package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.RecordService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResultCollection;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/** DeleteRecords: raises log start offsets. The low watermark told is the log start offset. */
final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.DELETE_RECORDS, 0, 2);

    private final RecordService records;

    DeleteRecordsHandler(RecordService records) {
        this.records = records;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DeleteRecordsRequestData parse(Readable request, short version) {
        return new DeleteRecordsRequestData(request, version);
    }

    @Override
    public void answer(DeleteRecordsRequestData request, Call call) {
        List<CompletableFuture<DeleteRecordsTopicResult>> results = new ArrayList<>();
        request.topics().forEach(topic -> results.add(delete(topic)));
        call.replyWhen(
                Outcomes.all(results)
                        .thenApply(done ->
                                new DeleteRecordsResponseData()
                                        .setTopics(
                                                new DeleteRecordsTopicResultCollection(
                                                        done.iterator()))));
    }

    private CompletableFuture<DeleteRecordsTopicResult> delete(DeleteRecordsTopic topic) {
        List<CompletableFuture<DeleteRecordsPartitionResult>> results = new ArrayList<>();
        topic.partitions().forEach(partition -> results.add(delete(topic.name(), partition)));
        return Outcomes.all(results)
                .thenApply(done ->
                        new HashedByIdentity.ShortenedTopic()
                                .setName(topic.name())
                                .setPartitions(
                                        new DeleteRecordsPartitionResultCollection(
                                                done.iterator())));
    }

    private CompletableFuture<DeleteRecordsPartitionResult> delete(
            String topic, DeleteRecordsPartition partition) {
        int index = partition.partitionIndex();
        if (index < 0) {
            short unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.kafkaCode();
            return CompletableFuture.completedFuture(refused(index, unknown));
        }
        if (partition.offset() < -1) {
            short outOfRange = ErrorCode.OFFSET_OUT_OF_RANGE.kafkaCode();
            return CompletableFuture.completedFuture(refused(index, outOfRange));
        }
        return Outcomes.settle(
                () -> records.deleteRecords(new TopicPartition(topic, index), partition.offset()),
                logStartOffset ->
                        new HashedByIdentity.ShortenedPartition()
                                .setPartitionIndex(index)
                                .setLowWatermark(logStartOffset),
                refusal -> refused(index, refusal.code()));
    }

    private static DeleteRecordsPartitionResult refused(int index, short code) {
        return new HashedByIdentity.ShortenedPartition()
                .setPartitionIndex(index)
                .setLowWatermark(-1)
                .setErrorCode(code);
    }
}
