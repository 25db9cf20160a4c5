package io.mlog.kafka;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.services.RecordService;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * DescribeProducers: the idempotent producers that have written to partitions of which this broker
 * has a replica. An answer has at most {@value #MAX_PRODUCERS} of them; the partitions behind are
 * to be asked for again.
 */
final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequest> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.DESCRIBE_PRODUCERS, 0, 0);

    /** Enough for every producer that one partition remembers. */
    private static final int MAX_PRODUCERS = 20_000;

    /** There are no transactions, whose coordinator's epoch and first offset these would be. */
    private static final int NO_TRANSACTION = -1;

    private final RecordService records;

    DescribeProducersHandler(RecordService records) {
        this.records = records;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DescribeProducersRequest parse(Readable request, short version) {
        return DescribeProducersRequest.read(request, version);
    }

    @Override
    public void answer(DescribeProducersRequest request, Call call) {
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        int left = MAX_PRODUCERS;
        for (NamedPartitions topic : request.topics()) {
            TopicResponse entry = new TopicResponse().setName(topic.topic());
            response.topics().add(entry);
            for (int index : topic.partitions()) {
                PartitionResponse partition = describe(topic.topic(), index, left);
                entry.partitions().add(partition);
                left -= partition.activeProducers().size();
            }
        }
        call.reply(response);
    }

    private PartitionResponse describe(String topic, int index, int most) {
        PartitionResponse entry = new PartitionResponse().setPartitionIndex(index);
        try {
            if (index < 0) {
                throw new MlogException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + index);
            }
            TopicPartition name = new TopicPartition(topic, index);
            List<SavedProducer> producers = records.producers(name, most + 1);
            if (producers.size() > most) {
                throw new MlogException(
                        ErrorCode.POLICY_VIOLATION,
                        name
                                + " would make the answer longer than "
                                + MAX_PRODUCERS
                                + " producers; ask for fewer partitions at once");
            }
            return entry.setActiveProducers(states(producers));
        } catch (MlogException refusal) {
            return entry.setErrorCode(KafkaErrors.toClients(refusal.code()))
                    .setErrorMessage(refusal.reason());
        }
    }

    private static List<ProducerState> states(List<SavedProducer> producers) {
        List<ProducerState> states = new ArrayList<>(producers.size());
        for (SavedProducer producer : producers) {
            states.add(
                    new ProducerState()
                            .setProducerId(producer.producerId())
                            .setProducerEpoch(producer.epoch())
                            .setLastSequence(producer.lastSequence())
                            .setLastTimestamp(producer.lastAppendMs())
                            .setCoordinatorEpoch(NO_TRANSACTION)
                            .setCurrentTxnStartOffset(NO_TRANSACTION));
        }
        return states;
    }
}
