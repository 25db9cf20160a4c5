package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.model.TopicId;
import io.mlog.services.BrokerService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;

/**
 * Builds Metadata responses. The controller told is this broker: administration may be sent to any
 * broker, which forwards it.
 */
final class MetadataAnswer {
    private static final int FIRST_WITHOUT_NAMES = 12;

    private final BrokerService broker;
    private final BrokerAddresses addresses;

    MetadataAnswer(BrokerService broker, BrokerAddresses addresses) {
        this.broker = broker;
        this.addresses = addresses;
    }

    /** The brokers that are live in {@code image}, and {@code entries} in their order. */
    MetadataResponseData of(MetadataImage image, List<TopicEntry> entries, Call call) {
        List<BrokerAddresses.Node> nodes = addresses.live(image, call.connection());
        Set<Integer> live =
                nodes.stream().map(BrokerAddresses.Node::id).collect(Collectors.toSet());
        MetadataResponseTopicCollection topics =
                new MetadataResponseTopicCollection(entries.size());
        for (TopicEntry entry : entries) {
            topics.add(
                    switch (entry) {
                        case TopicEntry.Known known -> known(known.topic(), live);
                        case TopicEntry.Unknown unknown -> unknown(unknown, call.version());
                    });
        }
        return new MetadataResponseData()
                .setBrokers(brokers(nodes))
                .setClusterId(broker.clusterId())
                .setControllerId(broker.brokerId())
                .setTopics(topics);
    }

    private static MetadataResponseBrokerCollection brokers(List<BrokerAddresses.Node> nodes) {
        MetadataResponseBrokerCollection brokers =
                new MetadataResponseBrokerCollection(nodes.size());
        for (BrokerAddresses.Node node : nodes) {
            brokers.add(
                    new MetadataResponseBroker()
                            .setNodeId(node.id())
                            .setHost(node.address().host())
                            .setPort(node.address().port())
                            .setRack(node.rack()));
        }
        return brokers;
    }

    private static MetadataResponseTopic known(TopicImage topic, Set<Integer> live) {
        List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            partitions.add(partition(partition, live));
        }
        return new HashedByIdentity.MetadataTopic()
                .setName(topic.name())
                .setTopicId(TopicIds.uuid(topic.id()))
                .setIsInternal(InternalTopics.contains(topic.name()))
                .setPartitions(partitions);
    }

    private static MetadataResponsePartition partition(
            PartitionImage partition, Set<Integer> live) {
        return new MetadataResponsePartition()
                .setErrorCode(error(partition).kafkaCode())
                .setPartitionIndex(partition.partition())
                .setLeaderId(partition.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(partition.replicas())
                .setIsrNodes(partition.isr())
                .setOfflineReplicas(offline(partition, live));
    }

    static ErrorCode error(PartitionImage partition) {
        return partition.leader() == PartitionImage.NO_LEADER
                ? ErrorCode.LEADER_NOT_AVAILABLE
                : ErrorCode.NONE;
    }

    static List<Integer> offline(PartitionImage partition, Set<Integer> live) {
        return partition.replicas().stream().filter(id -> !live.contains(id)).toList();
    }

    private static MetadataResponseTopic unknown(TopicEntry.Unknown unknown, short version) {
        String name = unknown.name();
        TopicId id = unknown.id();
        return new HashedByIdentity.MetadataTopic()
                .setErrorCode(unknown.code())
                .setName(name == null && version < FIRST_WITHOUT_NAMES ? "" : name)
                .setTopicId(TopicIds.uuid(id));
    }
}
