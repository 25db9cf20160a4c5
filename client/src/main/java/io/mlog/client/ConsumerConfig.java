package io.mlog.client;

import io.mlog.model.TopicName;
import io.mlog.protocol.FetchBatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a consumer reads, and how. Made by {@link #builder}.
 *
 * @param connection how the cluster is reached
 * @param topic what is read
 * @param id the name under which the place is kept; empty: it is not kept
 * @param group whether the consumer is a member of the group that the id names, which shares the
 *     partitions among its members; else it reads all of them by itself
 * @param maxPollInterval a member that does not poll for longer leaves the group until it does; 1 s
 *     to an hour
 * @param partitions which ones; empty for all, those that are added later included
 * @param start where to begin
 * @param maxPollRecords most records that one poll returns
 * @param fetchMaxRecords most records of one request, 1 to {@link FetchBatch#MAX_COUNT}
 * @param fetchMaxBytes most bytes of one request, 1 to {@link FetchBatch#MAX_BYTES}
 * @param maxWait how long a request waits at the broker when there is nothing to read, 1 ms to a
 *     day
 * @param bufferBytes fetching stops while this many bytes wait for a poll; exceeded by one response
 *     per partition at most
 * @param allowFollower whether to read from the first of the given addresses that holds a replica,
 *     rather than from the leader
 * @param partitionRefresh how often it looks for partitions that were added
 */
public record ConsumerConfig(
        ConnectionConfig connection,
        String topic,
        Optional<String> id,
        boolean group,
        Duration maxPollInterval,
        Set<Integer> partitions,
        StartAt start,
        int maxPollRecords,
        int fetchMaxRecords,
        int fetchMaxBytes,
        Duration maxWait,
        long bufferBytes,
        boolean allowFollower,
        Duration partitionRefresh) {
    public ConsumerConfig {
        TopicName.check(topic);
        partitions = Set.copyOf(partitions);
        if (start instanceof StartAt.Committed && id.isEmpty()) {
            throw new IllegalArgumentException(
                    "a consumer without an id has committed nothing: give an id or another start");
        }
        if (group && (!partitions.isEmpty() || !(start instanceof StartAt.Committed))) {
            throw new IllegalArgumentException(
                    "what a member of a group reads, and from where, is the group's: give neither partitions nor a start");
        }
        Limits.atLeast("maxPollInterval", maxPollInterval, Duration.ofSeconds(1));
        Limits.atMost("maxPollInterval", maxPollInterval, Duration.ofHours(1));
        Limits.atLeast("maxPollRecords", maxPollRecords, 1);
        Limits.within("fetchMaxRecords", fetchMaxRecords, 1, FetchBatch.MAX_COUNT);
        Limits.within("fetchMaxBytes", fetchMaxBytes, 1, FetchBatch.MAX_BYTES);
        Limits.wait("maxWait", maxWait);
        Limits.atLeast("bufferBytes", bufferBytes, 1);
        Limits.atLeast("partitionRefresh", partitionRefresh, Duration.ofMillis(1));
    }

    /** Starts from the defaults: all partitions, from the beginning, no id. */
    public static Builder builder() {
        return new Builder();
    }

    /** Sets what differs from the defaults; the topic has none. */
    public static final class Builder {
        private ConnectionConfig connection = ConnectionConfig.builder().build();
        private String topic = "";
        private Optional<String> id = Optional.empty();
        private boolean group;
        private Duration maxPollInterval = Duration.ofMinutes(5);
        private Set<Integer> partitions = Set.of();
        private Optional<StartAt> start = Optional.empty();
        private int maxPollRecords = 10_000;
        private int fetchMaxRecords = 20_000;
        private int fetchMaxBytes = 1 << 20;
        private Duration maxWait = Duration.ofMillis(500);
        private long bufferBytes = 32 << 20;
        private boolean allowFollower;
        private Duration partitionRefresh = Duration.ofMinutes(1);

        private Builder() {}

        /** Nodes to begin with, {@code HOST:PORT} each; the rest of the connection by default. */
        public Builder addresses(String... addresses) {
            return connection(ConnectionConfig.builder().addresses(addresses).build());
        }

        /** How the cluster is reached; default 127.0.0.1:9094. */
        public Builder connection(ConnectionConfig connection) {
            this.connection = connection;
            return this;
        }

        /** What is read. */
        public Builder topic(String topic) {
            this.topic = topic;
            return this;
        }

        /** The name under which the place is kept; with it the start is what it committed. */
        public Builder id(String id) {
            this.id = Optional.of(id);
            return this;
        }

        /**
         * The group to be a member of: its members share the partitions, and each goes on where the
         * group has committed. In place of {@link #id}.
         */
        public Builder group(String group) {
            this.group = true;
            return id(group);
        }

        /** How long a member may go without a poll; default 5 min. */
        public Builder maxPollInterval(Duration maxPollInterval) {
            this.maxPollInterval = maxPollInterval;
            return this;
        }

        /** Which partitions; default all. */
        public Builder partitions(Integer... partitions) {
            this.partitions = Arrays.stream(partitions).collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /** Where to begin; default committed with an id, else the beginning. */
        public Builder start(StartAt start) {
            this.start = Optional.of(start);
            return this;
        }

        /** Most records that one poll returns; default 10,000. */
        public Builder maxPollRecords(int maxPollRecords) {
            this.maxPollRecords = maxPollRecords;
            return this;
        }

        /** Most records of one request; default 20,000. */
        public Builder fetchMaxRecords(int fetchMaxRecords) {
            this.fetchMaxRecords = fetchMaxRecords;
            return this;
        }

        /** Most bytes of one request; default 1 MiB. */
        public Builder fetchMaxBytes(int fetchMaxBytes) {
            this.fetchMaxBytes = fetchMaxBytes;
            return this;
        }

        /** How long a request waits at the broker for records; default 500 ms. */
        public Builder maxWait(Duration maxWait) {
            this.maxWait = maxWait;
            return this;
        }

        /** Bound of what is read ahead; default 32 MiB. */
        public Builder bufferBytes(long bufferBytes) {
            this.bufferBytes = bufferBytes;
            return this;
        }

        /** Whether replicas that do not lead may be read; default false. */
        public Builder allowFollower(boolean allowFollower) {
            this.allowFollower = allowFollower;
            return this;
        }

        /** How often new partitions are looked for; default 1 min. */
        public Builder partitionRefresh(Duration partitionRefresh) {
            this.partitionRefresh = partitionRefresh;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         * @throws io.mlog.model.MlogException INVALID_TOPIC
         */
        public ConsumerConfig build() {
            return new ConsumerConfig(
                    connection,
                    topic,
                    id,
                    group,
                    maxPollInterval,
                    partitions,
                    start.orElseGet(() ->
                            id.isPresent() ? new StartAt.Committed() : new StartAt.Beginning()),
                    maxPollRecords,
                    fetchMaxRecords,
                    fetchMaxBytes,
                    maxWait,
                    bufferBytes,
                    allowFollower,
                    partitionRefresh);
        }
    }
}
