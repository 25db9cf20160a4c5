package io.mlog.kafka;

import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand.PartitionFetch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;

/** What a consumer wants of one partition. */
record FetchWish(Key key, long offset, int maxBytes, int leaderEpoch) {
    /**
     * A partition as the client names it: by id from version 13 on, else by name.
     *
     * @param topicId zero where names count
     * @param topic empty where ids count
     */
    record Key(Uuid topicId, String topic, int partition) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::topicId)
                        .thenComparing(Key::topic)
                        .thenComparingInt(Key::partition);

        /** Hash tables fall back on this where a client has made hashes collide. */
        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        boolean isOfSameTopic(Key other) {
            return topicId.equals(other.topicId) && topic.equals(other.topic);
        }
    }

    /** What a request wants, in its order. */
    static List<FetchWish> of(FetchRequestData request) {
        List<FetchWish> wishes = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                wishes.add(
                        new FetchWish(
                                new Key(topic.topicId(), topic.topic(), partition.partition()),
                                partition.fetchOffset(),
                                Math.max(0, partition.partitionMaxBytes()),
                                partition.currentLeaderEpoch()));
            }
        }
        return wishes;
    }

    /** What a request no longer wants of its session. */
    static List<Key> forgotten(FetchRequestData request) {
        List<Key> keys = new ArrayList<>();
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            topic.partitions()
                    .forEach(index -> keys.add(new Key(topic.topicId(), topic.topic(), index)));
        }
        return keys;
    }

    /** The same for the record service, of the topic that has this name now. */
    PartitionFetch named(String topic) {
        return new PartitionFetch(
                new TopicPartition(topic, key.partition),
                TopicIds.of(key.topicId),
                offset,
                maxBytes,
                leaderEpoch);
    }
}
