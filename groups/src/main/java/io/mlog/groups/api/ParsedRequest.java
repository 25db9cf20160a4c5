package io.mlog.groups.api;

import io.mlog.groups.api.HashedByIdentity.DeletedGroup;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.GroupApi;
import io.mlog.services.GroupCaller;
import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;

/** A request that was read, with the shapes that its answers have in its version. */
public record ParsedRequest(AbstractRequest message, short version, GroupCaller caller) {
    /** A group's record has to fit into one batch of the offsets topic, which is smaller. */
    private static final int MAX_BODY_BYTES = 2 << 20;

    private static final int MAX_ELEMENTS = 10_000;

    /** Kafka keeps them in a hash table that is slow by design of the sender (decision 11). */
    private static final int MAX_JOIN_PROTOCOLS = 100;

    /**
     * Reads a request.
     *
     * @throws MlogException INVALID_REQUEST when it cannot be read, UNSUPPORTED_VERSION when it is
     *     of a kind that {@link GroupApi} does not list
     */
    public static ParsedRequest of(GroupRequest request) {
        if (!GroupApi.answers(request.apiKey(), request.version())) {
            throw new MlogException(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "version "
                            + request.version()
                            + " of API "
                            + request.apiKey()
                            + " is not answered");
        }
        int sizeBytes = request.body().remaining();
        if (sizeBytes > MAX_BODY_BYTES) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "a request of "
                            + sizeBytes
                            + " bytes about groups, it may have "
                            + MAX_BODY_BYTES);
        }
        try {
            AbstractRequest message = parse(request.apiKey(), request.body(), request.version());
            return new ParsedRequest(message, request.version(), request.caller());
        } catch (RuntimeException e) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "a malformed request of "
                            + sizeBytes
                            + " bytes, API "
                            + request.apiKey()
                            + " version "
                            + request.version()
                            + ": "
                            + e);
        }
    }

    private static AbstractRequest parse(short key, ByteBuffer body, short version) {
        Readable reader = new BodyReader(body, MAX_ELEMENTS);
        return switch (key) {
            case 8 -> OffsetCommitRequest.parse(reader, version);
            case 9 -> OffsetFetchRequest.parse(reader, version);
            case 11 -> JoinGroupRequest.parse(new BodyReader(body, MAX_JOIN_PROTOCOLS), version);
            case 12 -> HeartbeatRequest.parse(reader, version);
            case 13 -> LeaveGroupRequest.parse(reader, version);
            case 14 -> SyncGroupRequest.parse(reader, version);
            case 15 -> DescribeGroupsRequest.parse(reader, version);
            case 16 -> ListGroupsRequest.parse(reader, version);
            case 42 -> DeleteGroupsRequest.parse(reader, version);
            case 47 -> new OffsetDeleteRequest(OffsetDeleteReader.read(reader), version);
            case 68 -> ConsumerGroupHeartbeatRequest.parse(reader, version);
            case 69 -> ConsumerGroupDescribeRequest.parse(reader, version);
            default -> throw new IllegalStateException("API " + key + " has no reader");
        };
    }

    /** The answer that refuses all of the request. */
    public ApiMessage refusal(Errors error) {
        if (message instanceof DeleteGroupsRequest request) {
            DeleteGroupsResponseData response = new DeleteGroupsResponseData();
            request.data()
                    .groupsNames()
                    .forEach(group ->
                            response.results()
                                    .add(
                                            new DeletedGroup()
                                                    .setGroupId(group)
                                                    .setErrorCode(error.code())));
            return response;
        }
        return message.getErrorResponse(0, error.exception()).data();
    }

    /** The bytes of an answer. */
    public ByteBuffer write(ApiMessage answer) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        answer.addSize(size, cache, version);
        ByteBuffer bytes = ByteBuffer.allocate(size.totalSize());
        answer.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.flip();
    }
}
