package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.services.RecordService;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * OffsetForLeaderEpoch: where leader epochs ended, which tells a consumer after a change of leaders
 * whether what it has read is still in the log (KIP-320).
 */
final class OffsetForLeaderEpochHandler implements ApiHandler<OffsetForLeaderEpochRequest> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 2, 4);

    private final RecordService records;

    OffsetForLeaderEpochHandler(RecordService records) {
        this.records = records;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public OffsetForLeaderEpochRequest parse(Readable request, short version) {
        return OffsetForLeaderEpochRequest.read(request, version);
    }

    @Override
    public void answer(OffsetForLeaderEpochRequest request, Call call) {
        OffsetForLeaderTopicResultCollection topics =
                new OffsetForLeaderTopicResultCollection(request.topics().size());
        for (OffsetForLeaderEpochRequest.Topic topic : request.topics()) {
            List<EpochEndOffset> partitions = new ArrayList<>(topic.partitions().size());
            for (OffsetForLeaderEpochRequest.Partition partition : topic.partitions()) {
                partitions.add(end(topic.name(), partition));
            }
            topics.add(
                    new HashedByIdentity.EpochsTopic()
                            .setTopic(topic.name())
                            .setPartitions(partitions));
        }
        call.reply(new OffsetForLeaderEpochResponseData().setTopics(topics));
    }

    private EpochEndOffset end(String topic, OffsetForLeaderEpochRequest.Partition asked) {
        EpochEndOffset told = new EpochEndOffset().setPartition(asked.index());
        if (asked.index() < 0) {
            return told.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.kafkaCode());
        }
        try {
            OffsetAndEpoch end =
                    records.endOfEpoch(
                            new TopicPartition(topic, asked.index()),
                            asked.currentLeaderEpoch(),
                            asked.leaderEpoch());
            return told.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.offset());
        } catch (MlogException refusal) {
            return told.setErrorCode(KafkaErrors.toClients(refusal.code()));
        }
    }
}
