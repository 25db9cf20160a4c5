package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;

/** What KafkaConsumer does in a group, and Admin with groups. */
final class JavaGroupRows {
    private static final int COUNT = 100;
    private static final Map<String, Object> CLASSIC = Map.of("group.protocol", "classic");
    private static final Map<String, Object> KIP_848 = Map.of("group.protocol", "consumer");

    private JavaGroupRows() {}

    static List<Row> rows() {
        return List.of(
                consumer("subscribe, two members, classic", stage -> share(stage, CLASSIC)),
                consumer("cooperative-sticky assignor", JavaGroupRows::cooperates),
                consumer("static member, classic", stage -> keepsItsPlace(stage, CLASSIC)),
                consumer(
                        "subscribe, two members, group.protocol=consumer (KIP-848)",
                        stage -> share(stage, KIP_848)),
                consumer(
                        "static member, group.protocol=consumer",
                        stage -> keepsItsPlace(stage, KIP_848)),
                consumer("subscribe to a pattern, classic", JavaGroupRows::matches),
                consumer(
                        "subscribe to a SubscriptionPattern, group.protocol=consumer",
                        JavaGroupRows::matchesAtTheBroker),
                consumer("commitSync, commitAsync, committed", JavaGroupRows::commits),
                admin(
                        "listGroups, describeConsumerGroups, removeMembersFromConsumerGroup, deleteConsumerGroups",
                        JavaGroupRows::administers),
                admin(
                        "listConsumerGroupOffsets, alterConsumerGroupOffsets, deleteConsumerGroupOffsets",
                        JavaGroupRows::administersOffsets));
    }

    private static Row consumer(String what, Check check) {
        return Row.works(Client.JAVA, "consumer: " + what, check);
    }

    private static Row admin(String what, Check check) {
        return Row.works(Client.JAVA, "admin: " + what, check);
    }

    private static void share(Stage stage, Map<String, Object> settings) throws Exception {
        stage.createTopic(4);
        try (Members members = new Members(stage, settings)) {
            members.join(Map.of(), stage.topic());
            var second = members.join(Map.of(), stage.topic());
            members.awaitShared(4);
            assertThat(second.assigned()).hasSize(2);
            List<String> texts = stage.fill(4, COUNT);
            members.awaitRecords(4 * COUNT);
            for (int partition = 0; partition < 4; partition++) {
                assertThat(members.values(stage.partition(partition))).isEqualTo(texts);
            }
            members.commit();
            stage.assertCommitted(stage.group(), COUNT, COUNT, COUNT, COUNT);
            members.leave(second);
            members.awaitShared(4);
        }
        assertThat(describe(stage).groupState()).isEqualTo(GroupState.EMPTY);
    }

    private static void cooperates(Stage stage) throws Exception {
        stage.createTopic(4);
        Map<String, Object> cooperative =
                Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        try (Members members = new Members(stage, cooperative)) {
            var first = members.join(Map.of(), stage.topic());
            members.awaitShared(4);
            Set<TopicPartition> had = Set.copyOf(first.assigned());
            var second = members.join(Map.of(), stage.topic());
            members.awaitShared(4);
            assertThat(second.assigned()).hasSize(2).isSubsetOf(had);
            assertThat(first.revoked())
                    .as("only what the other has now was taken")
                    .isEqualTo(second.assigned());
            List<String> texts = stage.fill(4, COUNT);
            members.awaitRecords(4 * COUNT);
            assertThat(members.values(stage.partition(3))).isEqualTo(texts);
        }
    }

    private static void keepsItsPlace(Stage stage, Map<String, Object> settings) throws Exception {
        stage.createTopic(4);
        Map<String, Object> named = Map.of("group.instance.id", "first");
        try (Members members = new Members(stage, settings)) {
            var first = members.join(named, stage.topic());
            var second = members.join(Map.of("group.instance.id", "second"), stage.topic());
            members.awaitShared(4);
            stage.fill(4, COUNT);
            members.awaitRecords(4 * COUNT);
            members.commit();
            Set<TopicPartition> had = Set.copyOf(first.assigned());
            Set<TopicPartition> others = Set.copyOf(second.assigned());
            members.leave(first);
            second.revoked().clear();
            var again = members.join(named, stage.topic());
            members.awaitShared(4);
            assertThat(again.assigned()).as("of the member that came back").isEqualTo(had);
            assertThat(second.assigned()).isEqualTo(others);
            assertThat(second.revoked()).isEmpty();
            Set<String> instances = new TreeSet<>();
            describe(stage)
                    .members()
                    .forEach(member -> instances.add(member.groupInstanceId().orElse("none")));
            assertThat(instances).containsExactly("first", "second");
        }
    }

    private static void matches(Stage stage) throws Exception {
        Pattern pattern = Pattern.compile(Pattern.quote(stage.topic()) + "-[ab]");
        matches(stage, CLASSIC, (consumer, listener) -> consumer.subscribe(pattern, listener));
    }

    private static void matchesAtTheBroker(Stage stage) throws Exception {
        SubscriptionPattern pattern = new SubscriptionPattern(stage.topic() + "-[ab]");
        matches(stage, KIP_848, (consumer, listener) -> consumer.subscribe(pattern, listener));
    }

    private static void matches(
            Stage stage, Map<String, Object> settings, Members.Subscription subscription)
            throws Exception {
        for (String end : List.of("-a", "-b", "-c")) {
            stage.createTopic(stage.topic() + end, 1);
        }
        try (Members members = new Members(stage, settings)) {
            var member = members.join(Map.of(), subscription);
            members.awaitShared(2);
            assertThat(member.assigned())
                    .containsExactlyInAnyOrder(
                            new TopicPartition(stage.topic() + "-a", 0),
                            new TopicPartition(stage.topic() + "-b", 0));
        }
    }

    private static void commits(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.fill(1, COUNT);
        TopicPartition partition = stage.partition(0);
        Map<String, Object> settings =
                Map.of("group.id", stage.group(), "enable.auto.commit", false);
        try (var consumer = KafkaClients.consumer(stage.addresses(), settings)) {
            consumer.assign(List.of(partition));
            assertThat(consumer.committed(Set.of(partition)).get(partition)).isNull();
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(30, "thirty")));
            assertThat(consumer.committed(Set.of(partition)).get(partition))
                    .isEqualTo(new OffsetAndMetadata(30, "thirty"));
            CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed =
                    new CompletableFuture<>();
            consumer.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(40)),
                    (offsets, failure) -> {
                        if (failure == null) {
                            committed.complete(offsets);
                        } else {
                            committed.completeExceptionally(failure);
                        }
                    });
            consumer.commitSync(Map.of()); // Waits for what was sent before it.
            assertThat(committed.get(10, TimeUnit.SECONDS)).containsKey(partition);
        }
        try (var consumer = KafkaClients.consumer(stage.addresses(), settings)) {
            consumer.assign(List.of(partition));
            assertThat(consumer.poll(Duration.ofSeconds(20)))
                    .first()
                    .matches(record -> record.offset() == 40, "read from what was committed");
        }
    }

    private static void administers(Stage stage) throws Exception {
        stage.createTopic(2);
        stage.fill(2, COUNT);
        try (Members members = new Members(stage, CLASSIC)) {
            members.join(Map.of("group.instance.id", "only"), stage.topic());
            members.awaitRecords(2 * COUNT);
            members.commit();
            ConsumerGroupDescription described = describe(stage);
            assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(described.type()).isEqualTo(GroupType.CLASSIC);
            assertThat(described.members())
                    .singleElement()
                    .matches(member -> member.assignment().topicPartitions().size() == 2)
                    .matches(member -> member.groupInstanceId().equals(Optional.of("only")));
            assertThat(stage.admin().listGroups().all().get())
                    .extracting(GroupListing::groupId)
                    .contains(stage.group());
        }
        stage.admin()
                .removeMembersFromConsumerGroup(
                        stage.group(), new RemoveMembersFromConsumerGroupOptions())
                .all()
                .get();
        assertThat(describe(stage).members()).isEmpty();
        stage.admin().deleteConsumerGroups(List.of(stage.group())).all().get();
        assertThat(stage.admin().listGroups().all().get())
                .extracting(GroupListing::groupId)
                .doesNotContain(stage.group());
    }

    private static ConsumerGroupDescription describe(Stage stage) throws Exception {
        return Objects.requireNonNull(
                stage.admin()
                        .describeConsumerGroups(List.of(stage.group()))
                        .all()
                        .get()
                        .get(stage.group()));
    }

    private static void administersOffsets(Stage stage) throws Exception {
        stage.createTopic(2);
        stage.fill(2, COUNT);
        stage.admin()
                .alterConsumerGroupOffsets(
                        stage.group(),
                        Map.of(
                                stage.partition(0),
                                new OffsetAndMetadata(10),
                                stage.partition(1),
                                new OffsetAndMetadata(20)))
                .all()
                .get();
        stage.assertCommitted(stage.group(), 10, 20);
        stage.admin()
                .deleteConsumerGroupOffsets(stage.group(), Set.of(stage.partition(1)))
                .all()
                .get();
        stage.assertCommitted(stage.group(), 10);
        Map<String, Object> settings =
                Map.of("group.id", stage.group(), "auto.offset.reset", "earliest");
        try (var consumer = KafkaClients.consumer(stage.addresses(), settings)) {
            consumer.assign(List.of(stage.partition(0), stage.partition(1)));
            assertThat(consumer.position(stage.partition(0))).isEqualTo(10);
            assertThat(consumer.position(stage.partition(1))).isZero();
        }
    }
}
