package io.mlog.kafka;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicName;
import io.mlog.services.ConfigChange;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Topics in a map; every change is there at once. Broker 8 is another live broker, 9 is fenced. */
final class FakeTopics implements TopicService {
    /** As a damaged request may ask for two billion. */
    private static final int MAX_PARTITIONS = 10_000;

    final Map<String, TopicImage> byName = new HashMap<>();
    final List<NewTopic> asked = new ArrayList<>();
    final List<ConfigChange> changes = new ArrayList<>();
    private final Map<Integer, BrokerImage> brokers = new HashMap<>();
    private long nextId = 1;

    /** Refuses every change, as a broker does that is about to end. */
    boolean stopping;

    /** Registers brokers 8 and 9 beside the one that answers. */
    void registerOthers() {
        brokers.put(8, other(8, false));
        brokers.put(9, other(9, true));
    }

    /** Registers brokers 8 and 9, and the one that answers. */
    void registerAll() {
        registerOthers();
        brokers.put(FakeBroker.ID, other(FakeBroker.ID, false));
    }

    private static BrokerImage other(int id, boolean fenced) {
        HostPort rpc = new HostPort("broker-" + id, 9094);
        return new BrokerImage(
                id, "n" + id, "dir", 1, null, rpc, rpc, "rack-" + id, "0.1", fenced, false);
    }

    /** A topic with so many partitions, led by this broker in epoch 3. */
    TopicImage add(String name, int partitions) {
        return add(name, partitions, FakeBroker.ID, Map.of());
    }

    TopicImage add(String name, int partitions, int leader, Map<String, String> configs) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            List<Integer> replicas = List.of(FakeBroker.ID, 9);
            images.add(new PartitionImage(i, replicas, List.of(FakeBroker.ID), leader, 3, 0));
        }
        TopicImage old = byName.get(name);
        TopicId id = old == null ? new TopicId(0xABCD, nextId++) : old.id();
        TopicImage topic = new TopicImage(name, id, images, configs);
        byName.put(name, topic);
        return topic;
    }

    /** The topic, which must exist. */
    TopicImage named(String name) {
        return metadata().topic(name).orElseThrow();
    }

    @Override
    public MetadataImage metadata() {
        Map<TopicId, String> names = new HashMap<>();
        byName.values().forEach(topic -> names.put(topic.id(), topic.name()));
        return new MetadataImage(1, 1, 1, "fake-cluster", byName, names, brokers, 10, 0);
    }

    @Override
    public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
        return CompletableFuture.completedFuture(index);
    }

    /** What another broker has created a moment ago, by name; known here once somebody asks. */
    final Map<String, Integer> createdElsewhere = new HashMap<>();

    @Override
    public CompletableFuture<MetadataImage> caughtUp() {
        createdElsewhere.forEach(this::add);
        return CompletableFuture.completedFuture(metadata());
    }

    @Override
    public CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly) {
        if (stopping) {
            return refuse(ErrorCode.NOT_READY, "this node is stopping");
        }
        asked.add(topic);
        if (byName.containsKey(topic.name())) {
            return refuse(ErrorCode.TOPIC_ALREADY_EXISTS, "topic " + topic.name() + " exists");
        }
        int partitions = topic.partitions() == -1 ? 1 : topic.partitions();
        if (partitions > MAX_PARTITIONS) {
            return refuse(ErrorCode.INVALID_PARTITIONS, partitions + " are too many");
        }
        TopicImage created = add(TopicName.check(topic.name()), partitions);
        if (validateOnly) {
            byName.remove(topic.name());
        }
        return CompletableFuture.completedFuture(created);
    }

    @Override
    public CompletableFuture<TopicImage> ensureExists(String topic) {
        return create(NewTopic.withDefaults(topic), false);
    }

    @Override
    public CompletableFuture<Void> delete(String topic) {
        if (stopping) {
            return refuse(ErrorCode.NOT_READY, "this node is stopping");
        }
        return byName.remove(topic) == null
                ? unknown(topic)
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<TopicImage> createPartitions(
            String topic, int total, boolean validateOnly) {
        if (stopping) {
            return refuse(ErrorCode.NOT_READY, "this node is stopping");
        }
        TopicImage known = byName.get(topic);
        if (known == null) {
            return unknown(topic);
        }
        if (total <= known.partitions().size() || total > MAX_PARTITIONS) {
            return refuse(ErrorCode.INVALID_PARTITIONS, topic + " cannot have " + total);
        }
        return CompletableFuture.completedFuture(validateOnly ? known : add(topic, total));
    }

    @Override
    public CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> wanted, boolean validateOnly) {
        if (stopping) {
            return refuse(ErrorCode.NOT_READY, "this node is stopping");
        }
        TopicImage known = byName.get(topic);
        if (known == null) {
            return unknown(topic);
        }
        changes.addAll(wanted);
        return CompletableFuture.completedFuture(known);
    }

    @Override
    public CompletableFuture<TopicImage> replaceConfigs(
            String topic, Map<String, String> configs, boolean validateOnly) {
        if (stopping) {
            return refuse(ErrorCode.NOT_READY, "this node is stopping");
        }
        return byName.containsKey(topic)
                ? CompletableFuture.completedFuture(add(topic, 1, FakeBroker.ID, configs))
                : unknown(topic);
    }

    private static <T> CompletableFuture<T> unknown(String topic) {
        return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + topic + " does not exist");
    }

    private static <T> CompletableFuture<T> refuse(ErrorCode code, String message) {
        return CompletableFuture.failedFuture(new MlogException(code, message));
    }
}
