package io.mlog.client;

import io.mlog.client.why.GroupOverview;
import io.mlog.client.why.Why;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.AlterTopic;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DeleteGroup;
import io.mlog.protocol.DeleteTopic;
import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ElectLeaders;
import io.mlog.protocol.FetchOffset;
import io.mlog.protocol.FindRaftLeader;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.LeaveCluster;
import io.mlog.protocol.ListGroups;
import io.mlog.protocol.ListOffsets;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.ReassignPartitions;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Administration of topics and of the cluster. Any thread; every method blocks until it is
 * answered, for the request timeout at most, and throws {@link io.mlog.model.MlogException} with
 * the broker's code and sentence when it is refused or could not be answered in time.
 *
 * <p>Reading requests are repeated on other nodes as long as there is time. Requests that change
 * something are not repeated once a node may have received them: they then fail with
 * REQUEST_TIMED_OUT, and a look (such as {@link #listTopics}) tells what came of them.
 *
 * <pre>{@code
 * try (AdminClient admin = AdminClient.connect("127.0.0.1:9094")) {
 *     admin.createTopic("orders", 3, 1, Map.of("retention.ms", "86400000"));
 * }
 * }</pre>
 */
public final class AdminClient implements AutoCloseable {
    private final ClusterCaller caller;

    private AdminClient(ConnectionConfig config) {
        this.caller = new ClusterCaller("mlog-admin", config);
    }

    /**
     * A client with the defaults of {@link ConnectionConfig}.
     *
     * @param addresses {@code HOST:PORT} each, one or more
     */
    public static AdminClient connect(String... addresses) {
        return connect(ConnectionConfig.builder().addresses(addresses).build());
    }

    /** A client; it connects when it is first asked something. */
    public static AdminClient connect(ConnectionConfig config) {
        return new AdminClient(config);
    }

    /** Creates a topic with the cluster's defaults; it accepts records when this returns. */
    public CreateTopic.Response createTopic(String topic) {
        return change(
                new CreateTopic.Request(topic, OptionalInt.empty(), OptionalInt.empty(), Map.of()));
    }

    /**
     * Creates a topic; it accepts records when this returns.
     *
     * @param partitions 1 or more
     * @param replicas copies of each partition, the leader's included; no more than brokers
     * @param configs by name, empty for the defaults
     */
    public CreateTopic.Response createTopic(
            String topic, int partitions, int replicas, Map<String, String> configs) {
        return change(
                new CreateTopic.Request(
                        topic, OptionalInt.of(replicas), OptionalInt.of(partitions), configs));
    }

    /** Creates a topic as the request says. */
    public CreateTopic.Response createTopic(CreateTopic.Request request) {
        return change(request);
    }

    /** Deletes a topic with all its records. */
    public void deleteTopic(String topic) {
        change(new DeleteTopic.Request(topic));
    }

    /**
     * Changes configuration values.
     *
     * @param configs new values by name; an empty one goes back to the default
     */
    public AlterTopic.Response alterTopic(String topic, Map<String, Optional<String>> configs) {
        return change(new AlterTopic.Request(topic, OptionalInt.empty(), configs));
    }

    /** Changes a topic as the request says. */
    public AlterTopic.Response alterTopic(AlterTopic.Request request) {
        return change(request);
    }

    /**
     * Raises the number of partitions.
     *
     * @param total the new number, more than before
     */
    public AlterTopic.Response addPartitions(String topic, int total) {
        return change(new AlterTopic.Request(topic, OptionalInt.of(total), Map.of()));
    }

    /** Every topic, in short. */
    public List<ListTopics.Topic> listTopics() {
        return read(new ListTopics.Request()).topics();
    }

    /** Everything about a topic. */
    public DescribeTopic.Response describeTopic(String topic) {
        return read(new DescribeTopic.Request(topic, false));
    }

    /**
     * Everything about a topic; of each partition the log as its leader has it, with how far its
     * followers are, where the leader answers.
     */
    public DescribeTopic.Response describeTopicByLeaders(String topic) {
        return caller.await(new Overviews(caller).topic(topic));
    }

    /** Moves replicas as the request says. The copying goes on when this returns. */
    public ReassignPartitions.Response reassign(ReassignPartitions.Request request) {
        return change(request);
    }

    /** Which partitions are moving, of one topic or, when it is empty, of all. */
    public List<ListReassignments.Move> reassignments(Optional<String> topic) {
        return read(new ListReassignments.Request(topic)).moves();
    }

    /** Has leaders elected as the request says. */
    public ElectLeaders.Response electLeaders(ElectLeaders.Request request) {
        return change(request);
    }

    /**
     * Goes on with taking a node out of the cluster for good; to be called again, with a pause,
     * until it has left.
     *
     * @param fewerReplicas whether partitions may have fewer replicas afterwards
     */
    public LeaveCluster.Response leave(String node, boolean fewerReplicas) {
        return read(new LeaveCluster.Request(node, fewerReplicas));
    }

    /** The consumer groups of the nodes that answer, by name. */
    public List<ListGroups.Group> listGroups() {
        return caller.await(new Overviews(caller).groups());
    }

    /**
     * A group: its members, what it has committed, how far the partitions go.
     *
     * @throws io.mlog.model.MlogException GROUP_ID_NOT_FOUND when there is none of that name
     */
    public GroupOverview describeGroup(String group) {
        return caller.await(new Overviews(caller).group(group));
    }

    /** Deletes a group that has no members, with what it has committed. */
    public void deleteGroup(String group) {
        caller.await(
                caller.coordinator(
                        group, new DeleteGroup.Request(group), caller.requestDeadline()));
    }

    /** Explains a topic in sentences; those who lead its partitions are asked. */
    public List<String> whyTopic(String topic) {
        return Why.topic(topicAsLed(topic), describeCluster(), System.currentTimeMillis());
    }

    /** Explains a partition in sentences. */
    public List<String> whyPartition(TopicPartition partition) {
        return Why.partition(
                        topicAsLed(partition.topic()),
                        partition.partition(),
                        describeCluster(),
                        System.currentTimeMillis())
                .orElseThrow(() ->
                        new MlogException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "there is no partition " + partition));
    }

    /** Explains a group in sentences. */
    public List<String> whyGroup(String group) {
        return Why.group(describeGroup(group), System.currentTimeMillis());
    }

    /** Who is in the cluster. */
    public DescribeCluster.Response describeCluster() {
        return read(new DescribeCluster.Request());
    }

    /** Who is in the cluster, and how far each node is behind those it follows. */
    public DescribeCluster.Response describeClusterByAll() {
        return caller.await(new Overviews(caller).cluster());
    }

    /** The node that leads the metadata quorum. */
    public FindRaftLeader.Response findRaftLeader() {
        return read(new FindRaftLeader.Request());
    }

    /** The address of the node that leads a partition. */
    public HostPort findLeader(TopicPartition partition) {
        return read(new FindTopicLeader.Request(partition.topic(), partition.partition()))
                .leaderAddr();
    }

    /** An offset of a partition; its {@code offset} is empty when no record is that young. */
    public ListOffsets.Response listOffset(TopicPartition partition, ListOffsets.At at) {
        return caller.await(
                caller.leader(
                        partition,
                        new ListOffsets.Request(
                                partition.topic(), partition.partition(), at, false),
                        caller.requestDeadline()));
    }

    /** The next offset that a consumer will read, empty when it never committed. */
    public OptionalLong committedOffset(String consumerId, TopicPartition partition) {
        FetchOffset.Request request =
                new FetchOffset.Request(partition.topic(), partition.partition(), consumerId);
        return caller.await(caller.coordinator(consumerId, request, caller.requestDeadline()))
                .offset();
    }

    /** Ends the connections and the thread of this client; idempotent. */
    @Override
    public void close() {
        caller.close();
    }

    private DescribeTopic.Response topicAsLed(String topic) {
        return caller.await(new Overviews(caller).topicAsLed(topic));
    }

    private <R extends RpcResponse> R read(RpcRequest<R> request) {
        return caller.await(caller.any(request, Repeat.ALWAYS, caller.requestDeadline()));
    }

    private <R extends RpcResponse> R change(RpcRequest<R> request) {
        return caller.await(caller.any(request, Repeat.IF_NOT_SENT, caller.requestDeadline()));
    }
}
