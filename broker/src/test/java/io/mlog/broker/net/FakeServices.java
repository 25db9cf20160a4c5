package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mlog.kafka.KafkaConnection;
import io.mlog.kafka.KafkaReply;
import io.mlog.kafka.ReplyPart;
import io.mlog.services.WaitingFetch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Stands for everything behind the listener. A request's text says what is done with it: {@code
 * echo…} is answered by itself at once, {@code hold NAME} when the test answers NAME, {@code none}
 * by nothing, {@code close} ends a Kafka connection, {@code slice} is answered by a slice.
 */
final class FakeServices {
    final Map<String, Exchange> heldJson = new ConcurrentHashMap<>();
    final Map<String, Consumer<KafkaReply>> heldKafka = new ConcurrentHashMap<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final AtomicInteger taken = new AtomicInteger();
    volatile FakeSlice slice = FakeSlice.inMemory(new byte[0]);

    void json(ByteBuffer request, Exchange exchange) {
        taken.incrementAndGet();
        String text = text(request);
        String asked = text.substring(1, text.length() - 1);
        if (asked.startsWith("hold ")) {
            String name = asked.substring(5);
            exchange.whenAbandoned(() -> cancelled.add(name));
            heldJson.put(name, exchange);
        } else if (asked.equals("none")) {
            exchange.replyNothing();
        } else {
            exchange.reply(() -> ByteBuffer.wrap(text.getBytes(UTF_8)));
        }
    }

    void answerJson(String name) {
        requireNonNull(heldJson.remove(name))
                .reply(() -> ByteBuffer.wrap(("{" + name + "}").getBytes(UTF_8)));
    }

    WaitingFetch kafka(ByteBuffer request, KafkaConnection connection, Consumer<KafkaReply> reply) {
        taken.incrementAndGet();
        String text = text(request.position(request.position() + 2));
        if (text.startsWith("hold ")) {
            heldKafka.put(text.substring(5), reply);
            return () -> cancelled.add(text.substring(5));
        }
        reply.accept(answer(text, connection));
        return WaitingFetch.NOT_WAITING;
    }

    void answerKafka(String name) {
        answerKafka(name, send(name));
    }

    void answerKafka(String name, KafkaReply reply) {
        requireNonNull(heldKafka.remove(name)).accept(reply);
    }

    private KafkaReply answer(String text, KafkaConnection connection) {
        return switch (text) {
            case "none" -> new KafkaReply.Nothing("None");
            case "close" -> new KafkaReply.Close("Close", "asked to");
            case "end" -> {
                connection.endAfterReply();
                yield send("the end");
            }
            case "where" -> send(connection.localAddress().toString());
            case "slice" -> slice(slice);
            default -> send(text);
        };
    }

    static KafkaReply.Send slice(FakeSlice slice) {
        ByteBuffer head = ByteBuffer.allocate(8);
        head.putInt(4 + slice.sizeBytes()).putInt(42).flip();
        return new KafkaReply.Send(
                "Slice", List.of(new ReplyPart.Bytes(head), new ReplyPart.Records(slice)));
    }

    static KafkaReply.Send send(String text) {
        return new KafkaReply.Send(
                "Echo",
                List.of(new ReplyPart.Bytes(ByteBuffer.wrap(Peer.framed(text.getBytes(UTF_8))))));
    }

    /** The payload of a Kafka request: two bytes of API key, then the text. */
    static byte[] kafkaRequest(String text) {
        return ("\0\1" + text).getBytes(UTF_8);
    }

    private static String text(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy, UTF_8);
    }
}
