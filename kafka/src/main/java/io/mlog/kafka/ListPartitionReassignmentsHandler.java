package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicPartition;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * ListPartitionReassignments: the partitions on the move, of those that are asked for or of all.
 */
final class ListPartitionReassignmentsHandler
        implements ApiHandler<ListPartitionReassignmentsRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.LIST_PARTITION_REASSIGNMENTS, 0, 0);

    private final TopicService topics;

    ListPartitionReassignmentsHandler(TopicService topics) {
        this.topics = topics;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public ListPartitionReassignmentsRequestData parse(Readable request, short version) {
        return new ListPartitionReassignmentsRequestData(request, version);
    }

    @Override
    public void answer(ListPartitionReassignmentsRequestData request, Call call) {
        ListPartitionReassignmentsResponseData response =
                new ListPartitionReassignmentsResponseData();
        String last = null;
        MetadataImage image = topics.metadata();
        for (TopicPartition name : wanted(request, image)) {
            PartitionImage partition = image.partition(name).orElse(null);
            if (partition == null || !partition.isReassigning()) {
                continue;
            }
            if (!name.topic().equals(last)) {
                last = name.topic();
                response.topics()
                        .add(
                                new OngoingTopicReassignment()
                                        .setName(last)
                                        .setPartitions(new ArrayList<>()));
            }
            response.topics().getLast().partitions().add(ongoing(partition));
        }
        call.reply(response);
    }

    private static Iterable<TopicPartition> wanted(
            ListPartitionReassignmentsRequestData request, MetadataImage image) {
        return request.topics() == null ? all(image) : named(request.topics());
    }

    private static List<TopicPartition> all(MetadataImage image) {
        return image.topicsByName().values().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .flatMap(topic ->
                        topic.partitions().stream()
                                .map(each -> new TopicPartition(topic.name(), each.partition())))
                .toList();
    }

    private static SortedSet<TopicPartition> named(List<ListPartitionReassignmentsTopics> topics) {
        SortedSet<TopicPartition> names = new TreeSet<>();
        for (ListPartitionReassignmentsTopics topic : topics) {
            topic.partitionIndexes().stream()
                    .filter(index -> index >= 0)
                    .forEach(index -> names.add(new TopicPartition(topic.name(), index)));
        }
        return names;
    }

    private static OngoingPartitionReassignment ongoing(PartitionImage partition) {
        return new OngoingPartitionReassignment()
                .setPartitionIndex(partition.partition())
                .setReplicas(partition.replicas())
                .setAddingReplicas(partition.addingReplicas())
                .setRemovingReplicas(partition.removingReplicas());
    }
}
