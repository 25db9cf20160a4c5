package io.mlog.systemtests.harness;

import io.mlog.client.ProducerClient;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.NewRecord;
import java.time.Duration;

/** Our own producer with its defaults: acks all, idempotent. */
public final class MlogSink implements NumberSink {
    private final String topic;
    private final ProducerClient producer;

    /** Writes to {@code topic}; {@code addresses} are separated by commas. */
    public MlogSink(String addresses, String topic) {
        this.topic = topic;
        this.producer = ProducerClient.connect(addresses.split(",", -1));
    }

    @Override
    public void send(int partition, byte[] value, Outcome outcome) {
        producer.send(new TopicPartition(topic, partition), NewRecord.of(Bytes.of(value)))
                .whenComplete((where, e) -> {
                    if (e == null) {
                        outcome.acknowledged(where.offset());
                    } else {
                        outcome.failed(e);
                    }
                });
    }

    @Override
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
