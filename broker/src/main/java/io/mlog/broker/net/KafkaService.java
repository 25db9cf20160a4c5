package io.mlog.broker.net;

import io.mlog.kafka.KafkaConnection;
import io.mlog.kafka.KafkaReply;
import io.mlog.services.WaitingFetch;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** What answers Kafka requests: {@link io.mlog.kafka.KafkaApi#handle}, whose contract this is. */
@FunctionalInterface
public interface KafkaService {
    /** Takes one request; runs on the event loop of the connection and does not block. */
    WaitingFetch handle(ByteBuffer request, KafkaConnection connection, Consumer<KafkaReply> reply);
}
