package io.mlog.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Responses to JSON and back. Stateless; any thread. */
public final class ResponseCodec {
    private ResponseCodec() {}

    /** A response and the request it belongs to; no id when the server could not make one out. */
    public record Decoded(OptionalLong id, RpcResponse response) {}

    /**
     * Reads the payload of a frame. Fields that are not known are ignored.
     *
     * @throws MlogException when the payload is not a response that this version knows; what the
     *     connection sends then makes no sense any more
     */
    public static Decoded decode(byte[] array, int offset, int length) {
        try (Envelope envelope = Envelope.open(array, offset, length)) {
            if (envelope.problem().isPresent()) {
                throw envelope.problem().get();
            }
            return new Decoded(envelope.id(), envelope.read(ResponseCodec::read));
        }
    }

    /** Reads the whole of {@code payload}. */
    public static Decoded decode(byte[] payload) {
        return decode(payload, 0, payload.length);
    }

    /**
     * Writes the payload of a frame; {@code out} is not closed.
     *
     * @param id of the request; empty where the request had none that could be read
     * @throws IOException as {@code out} throws it
     */
    public static void encode(OptionalLong id, RpcResponse response, OutputStream out)
            throws IOException {
        try (JsonGenerator generator = Json.FACTORY.createGenerator(out)) {
            Json.write(generator, id, response);
        }
    }

    private static RpcResponse read(String type, JsonReader in) throws IOException {
        return switch (type) {
            case "ProduceResponse" -> Produce.Response.read(in);
            case "ProduceBatchResponse" -> ProduceBatch.Response.read(in);
            case "InitProducerResponse" -> InitProducer.Response.read(in);
            case "FetchResponse" -> Fetch.Response.read(in);
            case "FetchBatchResponse" -> FetchBatch.Response.read(in);
            case "CommitOffsetResponse" -> CommitOffset.Response.read(in);
            case "FetchOffsetResponse" -> FetchOffset.Response.read(in);
            case "ListOffsetsResponse" -> ListOffsets.Response.read(in);
            case "CreateTopicResponse" -> CreateTopic.Response.read(in);
            case "AlterTopicResponse" -> AlterTopic.Response.read(in);
            case "DeleteTopicResponse" -> DeleteTopic.Response.read(in);
            case "ListTopicsResponse" -> ListTopics.Response.read(in);
            case "DescribeTopicResponse" -> DescribeTopic.Response.read(in);
            case "FindTopicLeaderResponse" -> FindTopicLeader.Response.read(in);
            case "FindRaftLeaderResponse" -> FindRaftLeader.Response.read(in);
            case "AwaitMetadataResponse" -> AwaitMetadata.Response.read(in);
            case "DescribeClusterResponse" -> DescribeCluster.Response.read(in);
            case "ReassignPartitionsResponse" -> ReassignPartitions.Response.read(in);
            case "ListReassignmentsResponse" -> ListReassignments.Response.read(in);
            case "ElectLeadersResponse" -> ElectLeaders.Response.read(in);
            case "GroupHeartbeatResponse" -> GroupHeartbeat.Response.read(in);
            case "ListGroupsResponse" -> ListGroups.Response.read(in);
            case "DescribeGroupResponse" -> DescribeGroup.Response.read(in);
            case "DeleteGroupResponse" -> DeleteGroup.Response.read(in);
            case "LeaveClusterResponse" -> LeaveCluster.Response.read(in);
            case "Error" -> ErrorResponse.read(in);
            default ->
                    throw new MlogException(
                            ErrorCode.UNKNOWN_TYPE, "response type '" + type + "' is unknown");
        };
    }
}
