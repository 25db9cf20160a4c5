package io.mlog.broker.rpc;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.metrics.Samples;
import io.mlog.broker.net.Exchange;
import io.mlog.broker.net.JsonService;
import io.mlog.protocol.AlterTopic;
import io.mlog.protocol.AwaitMetadata;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DeleteGroup;
import io.mlog.protocol.DeleteTopic;
import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ElectLeaders;
import io.mlog.protocol.Fetch;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.FetchOffset;
import io.mlog.protocol.FindRaftLeader;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.GroupHeartbeat;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.LeaveCluster;
import io.mlog.protocol.ListGroups;
import io.mlog.protocol.ListOffsets;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.Produce;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.ReassignPartitions;
import io.mlog.protocol.RequestCodec;
import io.mlog.protocol.RpcRequest;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * The JSON RPC of one broker: reads a request, has it served and answers. Thread-safe; runs on the
 * event loops and does not block them.
 */
public final class JsonRpc implements JsonService, MetricSource {
    private final RpcStats stats;
    private final ProduceHandler produces;
    private final FetchHandler fetches;
    private final OffsetHandler offsets;
    private final TopicHandler topics;
    private final ClusterHandler cluster;
    private final PlacementHandler placement;
    private final GroupHandler groups;

    /**
     * The RPC over these services.
     *
     * @param clock stamps records
     * @param requests takes latencies and failures
     * @param workers opens compressed batches; bounded, rejecting when full
     */
    public JsonRpc(
            RpcServices services,
            RpcLimits limits,
            InstantSource clock,
            RequestMetrics requests,
            Executor workers) {
        this.stats = new RpcStats(requests);
        this.produces = new ProduceHandler(services, limits, clock);
        this.fetches = new FetchHandler(services, limits, workers);
        this.offsets = new OffsetHandler(services);
        this.topics = new TopicHandler(services);
        this.cluster = new ClusterHandler(services);
        this.placement = new PlacementHandler(services);
        this.groups = new GroupHandler(services);
    }

    @Override
    public void handle(ByteBuffer request, Exchange exchange) {
        long startedNanos = System.nanoTime();
        switch (PayloadReader.read(request)) {
            case RequestCodec.Refused refused ->
                    Call.refuse(refused, exchange, stats, startedNanos);
            case RequestCodec.Accepted accepted ->
                    serve(accepted.request(), Call.of(accepted, exchange, stats, startedNanos));
        }
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_follower_read_records",
                "Records that clients of the JSON RPC have read from a copy that does not lead.",
                (double) fetches.followerReads());
    }

    private void serve(RpcRequest<?> request, Call call) {
        try {
            dispatch(request, call);
        } catch (RuntimeException e) {
            call.fail(e);
        }
    }

    private void dispatch(RpcRequest<?> request, Call call) {
        switch (request) {
            case Produce.Request produce -> produces.produce(produce, call);
            case ProduceBatch.Request produce -> produces.produceBatch(produce, call);
            case Fetch.Request fetch -> fetches.fetch(fetch, call);
            case FetchBatch.Request fetch -> fetches.fetchBatch(fetch, call);
            case ListOffsets.Request list -> offsets.list(list, call);
            case CommitOffset.Request commit -> offsets.commit(commit, call);
            case FetchOffset.Request fetch -> offsets.fetch(fetch, call);
            case CreateTopic.Request create -> topics.create(create, call);
            case AlterTopic.Request alter -> topics.alter(alter, call);
            case DeleteTopic.Request delete -> topics.delete(delete, call);
            case ListTopics.Request _ -> topics.list(call);
            case DescribeTopic.Request describe -> topics.describe(describe, call);
            case FindTopicLeader.Request find -> cluster.findTopicLeader(find, call);
            case FindRaftLeader.Request _ -> cluster.findRaftLeader(call);
            case DescribeCluster.Request _ -> cluster.describe(call);
            case AwaitMetadata.Request await -> cluster.awaitMetadata(await, call);
            case InitProducer.Request _ -> cluster.initProducer(call);
            case ReassignPartitions.Request reassign -> placement.reassign(reassign, call);
            case ListReassignments.Request list -> placement.list(list, call);
            case ElectLeaders.Request elect -> placement.elect(elect, call);
            case LeaveCluster.Request leave -> placement.leave(leave, call);
            case GroupHeartbeat.Request heartbeat -> groups.heartbeat(heartbeat, call);
            case ListGroups.Request _ -> groups.list(call);
            case DescribeGroup.Request describe -> groups.describe(describe, call);
            case DeleteGroup.Request delete -> groups.delete(delete, call);
        }
    }
}
