package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicPartition;
import io.mlog.services.BrokerService;
import io.mlog.services.LogDirectory;
import io.mlog.services.PartitionStatus;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * DescribeLogDirs: the one data directory, the size of its disk, and the replicas in it. What is
 * asked for and not here is left out. The offset lag of a replica is 0 once it has everything that
 * is committed.
 */
final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.DESCRIBE_LOG_DIRS, 1, 5);

    private final RecordService records;
    private final TopicService topics;
    private final BrokerService broker;

    DescribeLogDirsHandler(RecordService records, TopicService topics, BrokerService broker) {
        this.records = records;
        this.topics = topics;
        this.broker = broker;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DescribeLogDirsRequest parse(Readable request, short version) {
        return DescribeLogDirsRequest.read(request, version);
    }

    @Override
    public void answer(DescribeLogDirsRequest request, Call call) {
        LogDirectory directory = broker.logDirectory();
        List<DescribeLogDirsTopic> replicas = new ArrayList<>();
        for (TopicPartition name : wanted(request)) {
            records.status(name).ifPresent(status -> add(replicas, name, status));
        }
        call.reply(
                new DescribeLogDirsResponseData()
                        .setResults(
                                List.of(
                                        new DescribeLogDirsResult()
                                                .setLogDir(directory.path())
                                                .setTotalBytes(directory.totalBytes())
                                                .setUsableBytes(directory.usableBytes())
                                                .setTopics(replicas))));
    }

    /** Each once, topic by topic. */
    private Iterable<TopicPartition> wanted(DescribeLogDirsRequest request) {
        if (request.topics() == null) {
            return all(topics.metadata());
        }
        TreeSet<TopicPartition> names = new TreeSet<>();
        for (NamedPartitions topic : request.topics()) {
            topic.partitions().stream()
                    .filter(index -> index >= 0)
                    .forEach(index -> names.add(new TopicPartition(topic.topic(), index)));
        }
        return names;
    }

    private List<TopicPartition> all(MetadataImage image) {
        return image.topicsByName().values().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .flatMap(topic ->
                        topic.partitions().stream()
                                .filter(each -> each.replicas().contains(broker.brokerId()))
                                .map(each -> new TopicPartition(topic.name(), each.partition())))
                .toList();
    }

    private static void add(
            List<DescribeLogDirsTopic> topics, TopicPartition name, PartitionStatus status) {
        if (topics.isEmpty() || !topics.getLast().name().equals(name.topic())) {
            topics.add(
                    new DescribeLogDirsTopic()
                            .setName(name.topic())
                            .setPartitions(new ArrayList<>()));
        }
        topics.getLast()
                .partitions()
                .add(
                        new DescribeLogDirsPartition()
                                .setPartitionIndex(name.partition())
                                .setPartitionSize(status.sizeBytes())
                                .setOffsetLag(
                                        Math.max(
                                                0,
                                                status.highWatermark() - status.logEndOffset())));
    }
}
