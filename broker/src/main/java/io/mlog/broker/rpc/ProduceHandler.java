package io.mlog.broker.rpc;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.Produce;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.ProducerStamp;
import io.mlog.protocol.RpcResponse;
import io.mlog.records.Codec;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Produce and ProduceBatch: the records of a request become one batch, which is appended before
 * this returns when the topic exists. Requests for a topic that does not exist yet wait for it in
 * their order, see {@link AbsentTopics}.
 */
final class ProduceHandler {
    private final RpcServices services;
    private final InstantSource clock;
    private final BatchMaker batches;
    private final PartitionChoice choice = new PartitionChoice();
    private final AbsentTopics absentTopics;

    ProduceHandler(RpcServices services, RpcLimits limits, InstantSource clock) {
        this.services = services;
        this.clock = clock;
        this.batches = new BatchMaker(limits.maxBatchBytes());
        this.absentTopics = new AbsentTopics(services.topics());
    }

    /** What is to be appended, however it was asked for. */
    private record Order(
            String topic,
            List<NewRecord> records,
            OptionalInt partition,
            Acks acks,
            Codec codec,
            int timeoutMs,
            Optional<ProducerStamp> stamp) {}

    /** Makes the response of what became of the records. */
    private interface Response {
        RpcResponse of(PartitionProduced produced, long timestampMs);
    }

    void produce(Produce.Request request, Call call) {
        take(
                new Order(
                        request.topic(),
                        List.of(request.record()),
                        request.partition(),
                        request.acks(),
                        Codec.NONE,
                        request.timeoutMs(),
                        request.stamp()),
                call,
                (produced, timestampMs) ->
                        new Produce.Response(
                                produced.partition().partition(),
                                produced.baseOffset(),
                                timestampMs));
    }

    void produceBatch(ProduceBatch.Request request, Call call) {
        take(
                new Order(
                        request.topic(),
                        request.records(),
                        request.partition(),
                        request.acks(),
                        BatchMaker.codec(request.compression()),
                        request.timeoutMs(),
                        request.stamp()),
                call,
                (produced, _) ->
                        new ProduceBatch.Response(
                                produced.partition().partition(),
                                produced.baseOffset(),
                                produced.lastOffset()));
    }

    private void take(Order order, Call call, Response response) {
        absentTopics.withTopic(order.topic, call, topic -> append(order, topic, call, response));
    }

    private void append(Order order, TopicImage topic, Call call, Response response) {
        int partitions = topic.partitions().size();
        if (order.partition.orElse(0) >= partitions) {
            throw new MlogException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "topic %s has partitions 0 to %d, there is no %d"
                            .formatted(order.topic, partitions - 1, order.partition.getAsInt()));
        }
        TopicPartition partition =
                new TopicPartition(
                        order.topic,
                        choice.choose(
                                order.partition,
                                order.records.getFirst(),
                                order.records.size(),
                                partitions));
        long timestampMs = clock.millis();
        ByteBuffer batch = batches.batch(order.records, order.codec, order.stamp, timestampMs);
        ProduceCommand command =
                new ProduceCommand(
                        order.acks,
                        order.timeoutMs,
                        List.of(new ProduceCommand.PartitionBatches(partition, batch, 1)));
        services.records()
                .produce(
                        command,
                        produced -> answer(produced.getFirst(), timestampMs, call, response));
    }

    private void answer(
            PartitionProduced produced, long timestampMs, Call call, Response response) {
        if (produced.error() == ErrorCode.NONE) {
            long stampMs =
                    produced.logAppendTimeMs() < 0 ? timestampMs : produced.logAppendTimeMs();
            call.answer(response.of(produced, stampMs));
        } else {
            call.answer(
                    new Nodes(services.broker(), services.topics().metadata(), call.localAddress())
                            .refusal(
                                    produced.error(),
                                    Sentence.of(produced.error(), produced.message()),
                                    produced.partition()));
        }
    }
}
