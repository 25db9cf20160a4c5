package io.mlog.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * A group of consumers on one topic under load, and the judgement at its end: every record
 * processed at least once, no partition with two owners, no committed offset that went back.
 */
final class GroupScene implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String addresses;
    private final String topic;
    private final String group;
    private final int partitions;
    private final Map<String, Object> settings;
    private final Ownership ownership = new Ownership();
    private final Processed processed = new Processed();
    private final List<Member> members = new ArrayList<>();
    private final CommitWatch commits;
    private final Load load;
    private int named;

    GroupScene(
            String addresses,
            String name,
            int partitions,
            int replicas,
            Protocol protocol,
            int recordsPerSecond)
            throws Exception {
        this.addresses = addresses;
        this.topic = name;
        this.group = name + "-group";
        this.partitions = partitions;
        this.settings = protocol.settings();
        try (Admin admin = KafkaClients.admin(addresses)) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) replicas)))
                    .all()
                    .get();
        }
        this.load = new Load(addresses, topic, partitions, recordsPerSecond);
        this.commits = new CommitWatch(addresses, group);
    }

    String group() {
        return group;
    }

    List<Member> members() {
        return members;
    }

    Processed processed() {
        return processed;
    }

    Member add() {
        named++;
        Member member =
                new Member(
                        group + "-" + named,
                        addresses,
                        group,
                        topic,
                        settings,
                        ownership,
                        processed);
        members.add(member);
        return member;
    }

    void kill(Member member) {
        members.remove(member);
        member.die();
    }

    void retire(Member member) {
        members.remove(member);
        member.leave();
    }

    /**
     * Waits until every partition is read and the members share them evenly, so that nothing more
     * has to move; the time that this took.
     */
    Duration settle(Duration limit) {
        long began = System.nanoTime();
        Await.until(limit, "the group to settle", this::isSettled);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private boolean isSettled() {
        Set<String> alive = new TreeSet<>();
        members.forEach(member -> alive.add(member.name()));
        Map<String, Integer> shares = ownership.shares();
        if (!shares.keySet().equals(alive) || ownership.owned() != partitions) {
            throw new IllegalStateException(shares + " of " + partitions + " for " + alive);
        }
        return Collections.max(shares.values()) - Collections.min(shares.values()) <= 1;
    }

    /** Ends the load, lets the members read to the end, and judges. */
    void judge() throws Exception {
        load.end();
        Map<TopicPartition, Long> ends = ends();
        Await.until(
                LIMIT,
                "everything to be processed, but " + processed.missing(ends),
                () -> processed.missing(ends).isEmpty());
        Await.until(LIMIT, "everything to be committed", () -> commits.last().equals(ends));
        assertThat(load.failed()).isZero();
        assertThat(load.acknowledged())
                .isEqualTo(ends.values().stream().mapToLong(Long::longValue).sum());
        assertThat(ownership.violations()).isEmpty();
        assertThat(commits.violations()).isEmpty();
        assertThat(members).allSatisfy(member -> assertThat(member.failure()).isNull());
    }

    private Map<TopicPartition, Long> ends() throws Exception {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        IntStream.range(0, partitions)
                .forEach(i -> all.put(new TopicPartition(topic, i), OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        try (Admin admin = KafkaClients.admin(addresses)) {
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each :
                    admin.listOffsets(all).all().get().entrySet()) {
                ends.put(each.getKey(), each.getValue().offset());
            }
        }
        return ends;
    }

    @Override
    public String toString() {
        return "%d records acknowledged, %d processed, %d of them again"
                .formatted(load.acknowledged(), processed.count(), processed.again());
    }

    @Override
    public void close() {
        for (Member member : members) {
            member.close();
        }
        load.close();
        commits.close();
    }
}
