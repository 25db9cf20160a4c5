package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Members of one group, Kafka's Java consumers, polled in turn by the thread that owns this. They
 * read from the beginning and commit only when told.
 */
final class Members implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(20);

    private final String addresses;
    private final Map<String, Object> settings;
    private final List<Member> members = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    /**
     * No members yet.
     *
     * @param more settings of all of them, besides the group
     */
    Members(Stage stage, Map<String, Object> more) {
        this.addresses = stage.addresses();
        this.settings = new HashMap<>(more);
        settings.put("group.id", stage.group());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
    }

    /** How a member subscribes. */
    interface Subscription {
        void of(KafkaConsumer<byte[], byte[]> consumer, ConsumerRebalanceListener listener);
    }

    /** A member, and what was taken from it so far. */
    record Member(KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> revoked) {
        Set<TopicPartition> assigned() {
            return consumer.assignment();
        }
    }

    /** One more, which subscribes to these topics. */
    Member join(Map<String, Object> more, String... topics) {
        return join(more, (consumer, listener) -> consumer.subscribe(List.of(topics), listener));
    }

    /** One more. */
    Member join(Map<String, Object> more, Subscription subscription) {
        Map<String, Object> its = new HashMap<>(settings);
        its.putAll(more);
        Member member = new Member(KafkaClients.consumer(addresses, its), new HashSet<>());
        members.add(member);
        subscription.of(
                member.consumer(),
                new ConsumerRebalanceListener() {
                    @Override
                    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                        member.revoked().addAll(partitions);
                    }

                    @Override
                    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
                });
        return member;
    }

    /** Closes one, which leaves the group unless it is static. */
    void leave(Member member) {
        members.remove(member);
        member.consumer().close();
    }

    /** Polls until so many partitions are shared out among all, at least one for each member. */
    void awaitShared(int partitions) {
        pollUntil(
                partitions + " partitions are shared out",
                () ->
                        members.stream().noneMatch(member -> member.assigned().isEmpty())
                                && members.stream().mapToInt(m -> m.assigned().size()).sum()
                                        == partitions
                                && assigned().size() == partitions);
    }

    private Set<TopicPartition> assigned() {
        Set<TopicPartition> all = new HashSet<>();
        members.forEach(member -> all.addAll(member.assigned()));
        return all;
    }

    /** Polls until so many different records have come. */
    void awaitRecords(int count) {
        pollUntil(count + " records have come", () -> places().size() == count);
    }

    /** Where the records are that have come. */
    private Set<String> places() {
        Set<String> places = new HashSet<>();
        records.forEach(record ->
                places.add(record.topic() + "-" + record.partition() + "@" + record.offset()));
        return places;
    }

    /** The values that have come of a partition, in the order of offsets, each once. */
    List<String> values(TopicPartition partition) {
        return records.stream()
                .filter(record -> record.topic().equals(partition.topic()))
                .filter(record -> record.partition() == partition.partition())
                .sorted((a, b) -> Long.compare(a.offset(), b.offset()))
                .map(record -> record.offset() + "|" + Stage.text(record.value()))
                .distinct()
                .map(text -> text.substring(text.indexOf('|') + 1))
                .toList();
    }

    void pollUntil(String what, BooleanSupplier there) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "polled %s in vain until %s; %d records, assigned %s"
                                .formatted(
                                        LIMIT,
                                        what,
                                        records.size(),
                                        members.stream().map(Member::assigned).toList()));
            }
            for (Member member : members) {
                member.consumer().poll(POLL).forEach(records::add);
            }
        }
    }

    /** Commits where each member is. */
    void commit() {
        members.forEach(member -> member.consumer().commitSync());
    }

    @Override
    public void close() {
        members.forEach(member -> member.consumer().close());
    }
}
