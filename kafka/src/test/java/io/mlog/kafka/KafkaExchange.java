package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.records.RecordsSlice;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * A broker of fakes, and a client that speaks to it in frames written and read by Kafka's classes.
 */
final class KafkaExchange {
    static final int CORRELATION_ID = 0x1234;

    final FakeTopics topics = new FakeTopics();
    final FakeRecords records = new FakeRecords(topics);
    final FakeReplicas replicas = new FakeReplicas();
    final FakePlacement placement = new FakePlacement(topics);
    final FakeGroups groups = new FakeGroups();
    final FakeBroker broker = new FakeBroker();
    final FakeConnection connection = new FakeConnection();
    final List<KafkaReply> replies = new ArrayList<>();
    final KafkaApi api;
    WaitingFetch waiting = WaitingFetch.NOT_WAITING;

    KafkaExchange() {
        this(KafkaLimits.DEFAULTS);
    }

    KafkaExchange(KafkaLimits limits) {
        api = new KafkaApi(records, replicas, topics, placement, groups, broker, limits);
    }

    /** One request as a client frames it, without its length bytes. */
    static ByteBuffer frame(ApiKeys key, int version, ApiMessage body) {
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(key.id)
                        .setRequestApiVersion((short) version)
                        .setCorrelationId(CORRELATION_ID)
                        .setClientId("a-test");
        short headerVersion = key.requestHeaderVersion((short) version);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, headerVersion).buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
        return ByteBuffer.allocate(head.remaining() + tail.remaining()).put(head).put(tail).flip();
    }

    /** Asks and reads the answer, which must come at once. */
    <T extends ApiMessage> T ask(ApiKeys key, int version, ApiMessage request, T response) {
        KafkaReply reply = send(frame(key, version, request));
        return read(reply, key, version, response);
    }

    /** Sends a frame and returns the reply, which must come at once. */
    KafkaReply send(ByteBuffer frame) {
        sendOnly(frame);
        assertThat(replies).as("replies").hasSize(1);
        return replies.removeFirst();
    }

    /** Sends a frame whose reply comes later, into {@link #replies}. */
    void sendOnly(ByteBuffer frame) {
        waiting = api.handle(frame, connection, replies::add);
    }

    /** Reads a response with Kafka's classes, to the last byte. */
    static <T extends ApiMessage> T read(KafkaReply reply, ApiKeys key, int version, T response) {
        ByteBuffer frame = bytes(reply);
        assertThat(reply.api()).isEqualTo(key.name);
        assertThat(frame.getInt()).as("length").isEqualTo(frame.remaining());
        short headerVersion = key.responseHeaderVersion((short) version);
        ResponseHeader header = ResponseHeader.parse(frame, headerVersion);
        assertThat(header.correlationId()).isEqualTo(CORRELATION_ID);
        response.read(new ByteBufferAccessor(frame), (short) version);
        assertThat(frame.remaining()).as("bytes after the response").isZero();
        return response;
    }

    /** All bytes of a reply as the listener would write them; its slices are released. */
    static ByteBuffer bytes(KafkaReply reply) {
        assertThat(reply).isInstanceOf(KafkaReply.Send.class);
        KafkaReply.Send send = (KafkaReply.Send) reply;
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(send.sizeBytes()));
        for (ReplyPart part : send.parts()) {
            assertThat(part.sizeBytes()).as("bytes of a part").isPositive();
            switch (part) {
                case ReplyPart.Bytes bytes -> all.put(bytes.bytes().duplicate());
                case ReplyPart.Records slice -> read(slice.slice(), all);
            }
        }
        send.release();
        return all.flip();
    }

    private static void read(RecordsSlice slice, ByteBuffer target) {
        try {
            slice.read(0, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All bytes of a reply in hexadecimal. */
    static String hex(KafkaReply reply) {
        ByteBuffer frame = bytes(reply);
        byte[] copy = new byte[frame.remaining()];
        frame.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** The reason of a reply that closes the connection. */
    static String closed(KafkaReply reply) {
        assertThat(reply).isInstanceOf(KafkaReply.Close.class);
        return ((KafkaReply.Close) reply).reason();
    }
}
