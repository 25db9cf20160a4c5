package io.mlog.kafka;

import io.mlog.services.ProduceCommand;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * Produce: hands each partition's batches to the record service as they lie in the frame. Versions
 * 0 to 2 are told, because librdkafka compresses only for brokers that tell them (KAFKA-18659), and
 * answered with an error, as Kafka itself has no code for them any more.
 */
final class ProduceHandler implements ApiHandler<ProduceRequest> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.PRODUCE, 0, 13);

    private final RecordService records;
    private final TopicService topics;
    private final BrokerAddresses addresses;
    private final KafkaLimits limits;

    ProduceHandler(
            RecordService records,
            TopicService topics,
            BrokerAddresses addresses,
            KafkaLimits limits) {
        this.records = records;
        this.topics = topics;
        this.addresses = addresses;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public ProduceRequest parse(Readable request, short version) {
        return ProduceRequest.read(request, version);
    }

    @Override
    public void answer(ProduceRequest request, Call call) {
        if (call.version() < ProduceRequest.FIRST_ANSWERED) {
            OldProduce.refuse(request, call);
            return;
        }
        ProduceAnswer answer = new ProduceAnswer(request.acks(), topics, addresses, call);
        ProduceCommand command = answer.command(request, limits);
        if (command.partitions().isEmpty()) {
            answer.send();
            return;
        }
        records.produce(
                command,
                produced ->
                        call.guard(() -> {
                            answer.fill(produced);
                            answer.send();
                        }));
    }
}
