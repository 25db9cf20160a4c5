package io.mlog.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Requests to JSON and back. Stateless; any thread. */
public final class RequestCodec {
    private RequestCodec() {}

    /** What a payload turned out to be. */
    public sealed interface Decoded {}

    /** A request that can be served; {@code id} is to be echoed. */
    public record Accepted(long id, RpcRequest<?> request) implements Decoded {}

    /** Not a request that can be served; the connection stays usable. */
    public record Refused(OptionalLong id, ErrorResponse error) implements Decoded {}

    /**
     * Reads the payload of a frame. Fields that are not known are ignored.
     *
     * <p>Cheapest when {@code id} and {@code type} come first; else the payload is read twice.
     *
     * @return Refused with UNKNOWN_TYPE when the type is none of ours, with INVALID_REQUEST (the
     *     message names field or position) when the payload is not such an object
     */
    public static Decoded decode(byte[] array, int offset, int length) {
        try (Envelope envelope = Envelope.open(array, offset, length)) {
            if (envelope.problem().isPresent()) {
                return new Refused(envelope.id(), ErrorResponse.of(envelope.problem().get()));
            }
            if (envelope.id().isEmpty()) {
                return new Refused(
                        envelope.id(),
                        ErrorResponse.of(
                                ErrorCode.INVALID_REQUEST,
                                "field 'id' is missing: an integer that the response repeats"));
            }
            try {
                RpcRequest<?> request = envelope.read(RequestCodec::read);
                return new Accepted(envelope.id().getAsLong(), request);
            } catch (MlogException e) {
                return new Refused(envelope.id(), ErrorResponse.of(e));
            }
        }
    }

    /** Reads the whole of {@code payload}. */
    public static Decoded decode(byte[] payload) {
        return decode(payload, 0, payload.length);
    }

    /**
     * Writes the payload of a frame; {@code out} is not closed.
     *
     * @throws IOException as {@code out} throws it
     */
    public static void encode(long id, RpcRequest<?> request, OutputStream out) throws IOException {
        try (JsonGenerator generator = Json.FACTORY.createGenerator(out)) {
            Json.write(generator, OptionalLong.of(id), request);
        }
    }

    private static RpcRequest<?> read(String type, JsonReader in) throws IOException {
        return switch (type) {
            case "Produce" -> Produce.Request.read(in);
            case "ProduceBatch" -> ProduceBatch.Request.read(in);
            case "InitProducer" -> InitProducer.Request.read(in);
            case "Fetch" -> Fetch.Request.read(in);
            case "FetchBatch" -> FetchBatch.Request.read(in);
            case "CommitOffset" -> CommitOffset.Request.read(in);
            case "FetchOffset" -> FetchOffset.Request.read(in);
            case "ListOffsets" -> ListOffsets.Request.read(in);
            case "CreateTopic" -> CreateTopic.Request.read(in);
            case "AlterTopic" -> AlterTopic.Request.read(in);
            case "DeleteTopic" -> DeleteTopic.Request.read(in);
            case "ListTopics" -> ListTopics.Request.read(in);
            case "DescribeTopic" -> DescribeTopic.Request.read(in);
            case "FindTopicLeader" -> FindTopicLeader.Request.read(in);
            case "FindRaftLeader" -> FindRaftLeader.Request.read(in);
            case "AwaitMetadata" -> AwaitMetadata.Request.read(in);
            case "DescribeCluster" -> DescribeCluster.Request.read(in);
            case "ReassignPartitions" -> ReassignPartitions.Request.read(in);
            case "ListReassignments" -> ListReassignments.Request.read(in);
            case "ElectLeaders" -> ElectLeaders.Request.read(in);
            case "GroupHeartbeat" -> GroupHeartbeat.Request.read(in);
            case "ListGroups" -> ListGroups.Request.read(in);
            case "DescribeGroup" -> DescribeGroup.Request.read(in);
            case "DeleteGroup" -> DeleteGroup.Request.read(in);
            case "LeaveCluster" -> LeaveCluster.Request.read(in);
            default ->
                    throw new MlogException(
                            ErrorCode.UNKNOWN_TYPE,
                            "type '" + type + "' is none of those in docs/protocol.md");
        };
    }
}
