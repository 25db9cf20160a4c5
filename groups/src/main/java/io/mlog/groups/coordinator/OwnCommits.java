package io.mlog.groups.coordinator;

import io.mlog.groups.journal.GroupJournal;
import io.mlog.model.TopicPartition;
import io.mlog.services.CommittedOffset;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupMember;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** Commits and committed offsets in our own words. */
final class OwnCommits {
    private static final GroupMember NO_MEMBER = new GroupMember("", -1);

    /** By name of the topic; the errors are those of KIP-848. */
    private static final short COMMIT_VERSION = 9;

    private static final short FETCH_VERSION = 9;

    private final GroupCoordinator coordinator;
    private final OffsetCommits commits;
    private final GroupJournal journal;

    OwnCommits(GroupCoordinator coordinator, NotedRequests requests, GroupJournal journal) {
        this.coordinator = coordinator;
        this.commits = new OffsetCommits(requests);
        this.journal = journal;
    }

    CompletableFuture<Void> commit(GroupCommit commit, TopicDirectory topics) {
        GroupMember member = commit.member().orElse(NO_MEMBER);
        OffsetCommitRequestData request =
                new OffsetCommitRequestData()
                        .setGroupId(commit.group())
                        .setMemberId(member.memberId())
                        .setGenerationIdOrMemberEpoch(member.epoch());
        Map<String, OffsetCommitRequestTopic> byTopic = new LinkedHashMap<>();
        new TreeMap<>(commit.offsets())
                .forEach((partition, offset) ->
                        byTopic.computeIfAbsent(
                                        partition.topic(),
                                        name -> new OffsetCommitRequestTopic().setName(name))
                                .partitions()
                                .add(
                                        new OffsetCommitRequestPartition()
                                                .setPartitionIndex(partition.partition())
                                                .setCommittedOffset(offset)));
        request.topics().addAll(byTopic.values());
        CallerContext caller =
                new CallerContext(commit.caller(), ApiKeys.OFFSET_COMMIT.id, COMMIT_VERSION);
        OffsetCommitRequest message = new OffsetCommitRequest(request, COMMIT_VERSION);
        return Futures.asked(() -> commits.answer(message, caller, topics))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw Refusals.of(Futures.error(failure), commit.group());
                    }
                    check(commit, member, answer);
                    return null;
                });
    }

    private static void check(
            GroupCommit commit, GroupMember member, OffsetCommitResponseData answer) {
        answer.topics()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(partition -> {
                                    if (partition.errorCode() != Errors.NONE.code()) {
                                        TopicPartition refused =
                                                new TopicPartition(
                                                        topic.name(), partition.partitionIndex());
                                        throw Refusals.of(
                                                Errors.forCode(partition.errorCode()),
                                                commit.group(),
                                                "commit of "
                                                        + commit.offsets().get(refused)
                                                        + " for "
                                                        + refused
                                                        + (member.equals(NO_MEMBER)
                                                                ? " by no member"
                                                                : " by member "
                                                                        + member.memberId()
                                                                        + " in epoch "
                                                                        + member.epoch()));
                                    }
                                }));
    }

    CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        CallerContext caller = CallerContext.ourselves(ApiKeys.OFFSET_FETCH.id, FETCH_VERSION);
        OffsetFetchRequestGroup all =
                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null);
        return Futures.asked(() -> coordinator.fetchOffsets(caller, all, false))
                .handle((answer, failure) -> {
                    Errors error =
                            failure == null
                                    ? Errors.forCode(answer.errorCode())
                                    : Futures.error(failure);
                    if (error != Errors.NONE) {
                        throw Refusals.of(error, group);
                    }
                    return timed(group, answer);
                });
    }

    /** The time is the journal's, of a newer commit when one is being replicated. */
    private Map<TopicPartition, CommittedOffset> timed(
            String group, OffsetFetchResponseGroup answer) {
        Map<TopicPartition, CommittedOffset> committed = new HashMap<>();
        answer.topics()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(partition -> {
                                    if (partition.committedOffset() >= 0) {
                                        long atMs =
                                                journal.offsets(group)
                                                        .committed(
                                                                group,
                                                                topic.name(),
                                                                partition.partitionIndex())
                                                        .map(CommittedOffset::committedAtMs)
                                                        .orElse(0L);
                                        committed.put(
                                                new TopicPartition(
                                                        topic.name(), partition.partitionIndex()),
                                                new CommittedOffset(
                                                        partition.committedOffset(), atMs));
                                    }
                                }));
        return committed;
    }
}
