package io.mlog.protocol;

/** A response of the JSON RPC; it carries the {@code id} of its request and may overtake others. */
public sealed interface RpcResponse extends Message
        permits AlterTopic.Response,
                AwaitMetadata.Response,
                CommitOffset.Response,
                CreateTopic.Response,
                DeleteTopic.Response,
                DescribeCluster.Response,
                DescribeTopic.Response,
                ElectLeaders.Response,
                ErrorResponse,
                Fetch.Response,
                FetchBatch.Response,
                FetchOffset.Response,
                FindRaftLeader.Response,
                FindTopicLeader.Response,
                InitProducer.Response,
                LeaveCluster.Response,
                ListOffsets.Response,
                ListReassignments.Response,
                ListTopics.Response,
                Produce.Response,
                ProduceBatch.Response,
                ReassignPartitions.Response {}
