package io.mlog.protocol;

/**
 * A request of the JSON RPC. Every message type is a file of this package that holds the request
 * and the response it is answered with; {@link ErrorResponse} may take the response's place.
 *
 * <p>Constructors refuse values out of range with {@code MlogException} INVALID_REQUEST, naming the
 * field, on the sending and on the receiving side alike.
 *
 * @param <R> the response
 */
public sealed interface RpcRequest<R extends RpcResponse> extends Message
        permits AlterTopic.Request,
                AwaitMetadata.Request,
                CommitOffset.Request,
                CreateTopic.Request,
                DeleteGroup.Request,
                DeleteTopic.Request,
                DescribeCluster.Request,
                DescribeGroup.Request,
                DescribeTopic.Request,
                ElectLeaders.Request,
                Fetch.Request,
                FetchBatch.Request,
                FetchOffset.Request,
                FindRaftLeader.Request,
                FindTopicLeader.Request,
                GroupHeartbeat.Request,
                InitProducer.Request,
                LeaveCluster.Request,
                ListGroups.Request,
                ListOffsets.Request,
                ListReassignments.Request,
                ListTopics.Request,
                Produce.Request,
                ProduceBatch.Request,
                ReassignPartitions.Request {
    /** What the request is answered with when it succeeds. */
    Class<R> responseType();
}
