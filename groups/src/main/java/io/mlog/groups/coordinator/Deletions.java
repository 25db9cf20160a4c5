package io.mlog.groups.coordinator;

import io.mlog.groups.api.HashedByIdentity.AnsweredPartition;
import io.mlog.groups.api.HashedByIdentity.AnsweredTopic;
import io.mlog.groups.api.HashedByIdentity.DeletedGroup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Deletion of groups and of committed offsets. */
final class Deletions {
    /** Few enough that names chosen to collide in Kafka's hash table cost little. */
    private static final int GROUPS_AT_ONCE = 20;

    private final NotedRequests requests;

    Deletions(NotedRequests requests) {
        this.requests = requests;
    }

    CompletableFuture<DeleteGroupsResponseData> groups(List<String> names, CallerContext caller) {
        List<String> distinct = List.copyOf(new LinkedHashSet<>(names));
        List<CompletableFuture<DeletableGroupResultCollection>> parts = new ArrayList<>();
        for (int from = 0; from < distinct.size(); from += GROUPS_AT_ONCE) {
            List<String> part =
                    distinct.subList(from, Math.min(from + GROUPS_AT_ONCE, distinct.size()));
            parts.add(requests.deleteGroups(part, caller));
        }
        return Futures.all(parts).thenApply(Deletions::together);
    }

    private static DeleteGroupsResponseData together(List<DeletableGroupResultCollection> parts) {
        DeleteGroupsResponseData response = new DeleteGroupsResponseData();
        parts.forEach(part ->
                part.forEach(result ->
                        response.results()
                                .add(
                                        new DeletedGroup()
                                                .setGroupId(result.groupId())
                                                .setErrorCode(result.errorCode())
                                                .setErrorMessage(result.errorMessage()))));
        return response;
    }

    CompletableFuture<OffsetDeleteResponseData> offsets(
            OffsetDeleteRequestData request, CallerContext caller, TopicDirectory topics) {
        Map<String, Set<Integer>> asked = new TreeMap<>();
        request.topics()
                .forEach(topic -> {
                    Set<Integer> partitions =
                            asked.computeIfAbsent(topic.name(), name -> new TreeSet<>());
                    topic.partitions()
                            .forEach(partition -> partitions.add(partition.partitionIndex()));
                });
        OffsetDeleteRequestData known = new OffsetDeleteRequestData().setGroupId(request.groupId());
        asked.forEach((topic, partitions) -> {
            if (partitions.stream().anyMatch(partition -> topics.has(topic, partition))) {
                known.topics().add(existing(topic, partitions, topics));
            }
        });
        if (known.topics().isEmpty()) {
            return CompletableFuture.completedFuture(answer(asked, new OffsetDeleteResponseData()));
        }
        return requests.deleteOffsets(known, caller)
                .thenApply(answer -> answer.errorCode() == 0 ? answer(asked, answer) : answer);
    }

    private static OffsetDeleteRequestTopic existing(
            String topic, Set<Integer> partitions, TopicDirectory topics) {
        OffsetDeleteRequestTopic existing = new OffsetDeleteRequestTopic().setName(topic);
        for (int partition : partitions) {
            if (topics.has(topic, partition)) {
                existing.partitions()
                        .add(new OffsetDeleteRequestPartition().setPartitionIndex(partition));
            }
        }
        return existing;
    }

    /** An answer for everything that was asked; what the coordinator was not asked is unknown. */
    private static OffsetDeleteResponseData answer(
            Map<String, Set<Integer>> asked, OffsetDeleteResponseData answered) {
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        asked.forEach((name, partitions) -> {
            OffsetDeleteResponseTopic known = answered.topics().find(name);
            OffsetDeleteResponseTopic topic = new AnsweredTopic().setName(name);
            for (int partition : partitions) {
                var result = known == null ? null : known.partitions().find(partition);
                topic.partitions()
                        .add(
                                new AnsweredPartition()
                                        .setPartitionIndex(partition)
                                        .setErrorCode(
                                                result == null
                                                        ? Errors.UNKNOWN_TOPIC_OR_PARTITION.code()
                                                        : result.errorCode()));
            }
            response.topics().add(topic);
        });
        return response;
    }
}
