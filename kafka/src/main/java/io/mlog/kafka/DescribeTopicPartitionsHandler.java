package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.services.TopicService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * DescribeTopicPartitions: topics by name in their order, in pages of at most {@value
 * #MAX_PARTITIONS} partitions; the cursor says where the next page starts.
 */
final class DescribeTopicPartitionsHandler
        implements ApiHandler<DescribeTopicPartitionsRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, 0);
    private static final int MAX_PARTITIONS = 2_000;

    private final TopicService topics;
    private final BrokerAddresses addresses;

    DescribeTopicPartitionsHandler(TopicService topics, BrokerAddresses addresses) {
        this.topics = topics;
        this.addresses = addresses;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DescribeTopicPartitionsRequestData parse(Readable request, short version) {
        return new DescribeTopicPartitionsRequestData(request, version);
    }

    @Override
    public void answer(DescribeTopicPartitionsRequestData request, Call call) {
        MetadataImage image = topics.metadata();
        if (request.topics().stream().allMatch(each -> image.topic(each.name()).isPresent())) {
            call.reply(page(request, image, call));
        } else {
            call.replyWhen(topics.caughtUp().thenApply(newer -> page(request, newer, call)));
        }
    }

    private DescribeTopicPartitionsResponseData page(
            DescribeTopicPartitionsRequestData request, MetadataImage image, Call call) {
        String firstTopic = request.cursor() == null ? "" : request.cursor().topicName();
        int firstPartition = request.cursor() == null ? 0 : request.cursor().partitionIndex();
        Set<Integer> live =
                addresses.live(image, call.connection()).stream()
                        .map(BrokerAddresses.Node::id)
                        .collect(Collectors.toSet());
        Page page = new Page(Math.clamp(request.responsePartitionLimit(), 1, MAX_PARTITIONS), live);
        for (String name : names(request, image).tailSet(firstTopic)) {
            int from = name.equals(firstTopic) ? Math.max(0, firstPartition) : 0;
            if (!page.add(name, image.topic(name), from)) {
                break;
            }
        }
        return page.response;
    }

    private static SortedSet<String> names(
            DescribeTopicPartitionsRequestData request, MetadataImage image) {
        if (request.topics().isEmpty()) {
            return new TreeSet<>(image.topicsByName().keySet());
        }
        return request.topics().stream()
                .map(topic -> topic.name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The response while it fills up. */
    private static final class Page {
        private final DescribeTopicPartitionsResponseData response =
                new DescribeTopicPartitionsResponseData();
        private final Set<Integer> live;
        private int left;

        Page(int maxPartitions, Set<Integer> live) {
            this.left = maxPartitions;
            this.live = live;
        }

        /** Adds a topic from a partition on; false when the page is full before its end. */
        boolean add(String name, Optional<TopicImage> known, int from) {
            if (known.isEmpty()) {
                response.topics().add(unknown(name));
                return true;
            }
            List<PartitionImage> partitions = known.get().partitions();
            int to = (int) Math.min(partitions.size(), from + (long) left);
            if (from < to) {
                response.topics().add(known(known.get()).setPartitions(page(partitions, from, to)));
                left -= to - from;
            }
            if (to < partitions.size()) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
                return false;
            }
            return true;
        }

        private List<DescribeTopicPartitionsResponsePartition> page(
                List<PartitionImage> partitions, int from, int to) {
            return partitions.subList(from, to).stream().map(this::partition).toList();
        }

        private static DescribeTopicPartitionsResponseTopic known(TopicImage topic) {
            return new HashedByIdentity.DescribedTopic()
                    .setName(topic.name())
                    .setTopicId(TopicIds.uuid(topic.id()))
                    .setIsInternal(InternalTopics.contains(topic.name()));
        }

        private static DescribeTopicPartitionsResponseTopic unknown(String name) {
            return new HashedByIdentity.DescribedTopic()
                    .setName(name)
                    .setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.kafkaCode());
        }

        private DescribeTopicPartitionsResponsePartition partition(PartitionImage partition) {
            return new DescribeTopicPartitionsResponsePartition()
                    .setErrorCode(MetadataAnswer.error(partition).kafkaCode())
                    .setPartitionIndex(partition.partition())
                    .setLeaderId(partition.leader())
                    .setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(partition.replicas())
                    .setIsrNodes(partition.isr())
                    .setEligibleLeaderReplicas(List.of())
                    .setLastKnownElr(List.of())
                    .setOfflineReplicas(MetadataAnswer.offline(partition, live));
        }
    }
}
