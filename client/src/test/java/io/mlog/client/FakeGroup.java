package io.mlog.client;

import io.mlog.client.FakeBroker.Verdict;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.GroupHeartbeat;
import io.mlog.protocol.RpcRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A coordinator of one group with KIP-848's rules as far as a member can see them: the partitions
 * are dealt out in turn, and one is given to a member only after the one before has said that it
 * gave it up. To be used as, or within, a {@link FakeBroker}'s script. Any thread.
 */
final class FakeGroup {
    private static final int INTERVAL_MS = 20;

    private final List<TopicPartition> partitions;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private int epoch;

    private static final class Member {
        private int epoch;
        private List<TopicPartition> target = List.of();
        private List<TopicPartition> owned = List.of();

        /** What it was given and has not said that it gave up. */
        private List<TopicPartition> held = List.of();
    }

    FakeGroup(List<TopicPartition> partitions) {
        this.partitions = partitions;
    }

    synchronized int size() {
        return members.size();
    }

    synchronized List<List<TopicPartition>> owned() {
        return members.values().stream().map(member -> member.owned).toList();
    }

    /** Forgets every member without telling them. */
    synchronized void forget() {
        members.clear();
        epoch++;
    }

    /** Moves every member's epoch, as if a topic had changed. */
    synchronized void nextEpoch() {
        epoch++;
    }

    synchronized Verdict verdict(RpcRequest<?> request) {
        return switch (request) {
            case GroupHeartbeat.Request heartbeat -> heartbeat(heartbeat);
            case CommitOffset.Request commit -> commit(commit);
            default -> new Verdict.Serve();
        };
    }

    private Verdict commit(CommitOffset.Request commit) {
        if (commit.member().isEmpty()) {
            return FakeBroker.answer(ErrorCode.UNKNOWN_MEMBER_ID, "no member");
        }
        Member member = members.get(commit.member().get().memberId());
        if (member == null) {
            return FakeBroker.answer(ErrorCode.UNKNOWN_MEMBER_ID, "unknown member");
        }
        return commit.member().get().epoch() == member.epoch
                ? new Verdict.Serve()
                : FakeBroker.answer(ErrorCode.STALE_MEMBER_EPOCH, "now at " + member.epoch);
    }

    private Verdict heartbeat(GroupHeartbeat.Request request) {
        if (request.memberEpoch() == GroupHeartbeat.LEAVE) {
            members.remove(request.memberId());
            deal();
            return answer(GroupHeartbeat.LEAVE, Optional.empty());
        }
        if (request.memberEpoch() == GroupHeartbeat.JOIN) {
            members.put(request.memberId(), new Member());
            deal();
        }
        Member member = members.get(request.memberId());
        if (member == null) {
            return FakeBroker.answer(ErrorCode.UNKNOWN_MEMBER_ID, "unknown member");
        }
        request.owned()
                .ifPresent(owned -> {
                    member.owned = owned;
                    member.held = owned;
                });
        return answer(member);
    }

    private Verdict answer(Member member) {
        List<TopicPartition> next = new ArrayList<>(member.target);
        if (member.target.containsAll(member.held)) {
            next.removeIf(each -> heldByAnother(member, each));
            member.epoch = epoch;
            member.held = List.copyOf(next);
        } else {
            next.retainAll(member.held);
        }
        return answer(
                member.epoch,
                member.owned.equals(next) && member.epoch > 0
                        ? Optional.empty()
                        : Optional.of(next));
    }

    private boolean heldByAnother(Member member, TopicPartition partition) {
        return members.values().stream()
                .anyMatch(other -> other != member && other.held.contains(partition));
    }

    private void deal() {
        epoch++;
        List<Member> all = List.copyOf(members.values());
        for (int i = 0; i < all.size(); i++) {
            List<TopicPartition> target = new ArrayList<>();
            for (int at = i; at < partitions.size(); at += all.size()) {
                target.add(partitions.get(at));
            }
            all.get(i).target = target;
        }
    }

    private static Verdict answer(int epoch, Optional<List<TopicPartition>> assignment) {
        return new Verdict.Answer(new GroupHeartbeat.Response(epoch, INTERVAL_MS, assignment));
    }
}
