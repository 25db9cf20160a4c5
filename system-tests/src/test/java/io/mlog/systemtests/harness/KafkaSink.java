package io.mlog.systemtests.harness;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A KafkaProducer with its defaults: acks=all, idempotent, five requests in flight. */
public final class KafkaSink implements NumberSink {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    public KafkaSink(String address, String topic) {
        this.topic = topic;
        this.producer = KafkaClients.producer(address, Map.of());
    }

    @Override
    public void send(int partition, byte[] value, Outcome outcome) {
        producer.send(
                new ProducerRecord<>(topic, partition, null, value),
                (metadata, e) -> {
                    if (e == null) {
                        outcome.acknowledged(metadata.offset());
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
