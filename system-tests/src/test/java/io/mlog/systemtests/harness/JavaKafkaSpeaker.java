package io.mlog.systemtests.harness;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * KafkaProducer with its defaults (acks=all, idempotent), KafkaConsumer with {@code assign}.
 *
 * @param codec what it compresses with: none (its default), gzip, snappy, lz4 or zstd
 */
public record JavaKafkaSpeaker(String codec) implements Speaker {
    /** With all its defaults. */
    public JavaKafkaSpeaker() {
        this("none");
    }

    @Override
    public void requireOrSkip() {}

    @Override
    public void write(String address, String topic, Path text) throws Exception {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (var producer = KafkaClients.producer(address, settings());
                var lines = Files.lines(text)) {
            lines.forEach(line ->
                    producer.send(
                            new ProducerRecord<>(
                                    topic, 0, null, line.getBytes(StandardCharsets.UTF_8)),
                            (metadata, e) -> {
                                if (e != null) {
                                    failure.compareAndSet(null, e);
                                }
                            }));
            producer.flush();
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    private Map<String, Object> settings() {
        return "none".equals(codec) ? Map.of() : Map.of("compression.type", codec);
    }

    @Override
    public void read(String address, String topic, int count, Path into) throws Exception {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(into), 1 << 16)) {
            KafkaClients.readAll(
                    address,
                    topic,
                    value -> {
                        try {
                            out.write(value);
                            out.write('\n');
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    @Override
    public String toString() {
        return "none".equals(codec) ? "Java Kafka client" : "Java Kafka client with " + codec;
    }
}
