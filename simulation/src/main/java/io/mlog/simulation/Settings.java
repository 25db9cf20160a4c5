package io.mlog.simulation;

import io.mlog.core.controller.WatchTimes;
import io.mlog.core.replication.IsrLimits;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.random.RandomGenerator;

/**
 * What kind of cluster is simulated. Its times are shorter than a product's, so that more happens
 * in a run.
 *
 * @param brokers how many; each partition has a replica on each
 * @param minIsr least in-sync replicas for acks=all
 * @param flushes whether acknowledged is what is on disk, or what the operating systems have: then
 *     no machine loses power
 * @param segmentBytes size of a segment of a log
 * @param fetchRecords most records in an answer to a follower
 */
record Settings(
        int brokers,
        int partitions,
        int minIsr,
        boolean flushes,
        int segmentBytes,
        int fetchRecords,
        IsrLimits isrLimits,
        WatchTimes watchTimes) {
    static final String TOPIC = "orders";
    static final TopicId TOPIC_ID = new TopicId(7, 11);

    private static final TopicPartition[] NAMES = {
        new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1)
    };

    /** Three brokers, one partition, and acknowledged is what two have. */
    static final Settings PLAIN =
            new Settings(
                    3,
                    1,
                    2,
                    true,
                    1 << 20,
                    1000,
                    new IsrLimits(2, 600),
                    new WatchTimes(1200, 20, 300));

    /** What a seed chooses. */
    static Settings chosenBy(RandomGenerator random) {
        int minIsr = random.nextInt(8) == 0 ? random.nextBoolean() ? 1 : 3 : 2;
        return new Settings(
                3,
                random.nextInt(4) == 0 ? NAMES.length : 1,
                minIsr,
                random.nextInt(10) > 0,
                random.nextBoolean() ? 1024 + random.nextInt(2048) : 1 << 20,
                random.nextBoolean() ? 1 + random.nextInt(5) : 1000,
                new IsrLimits(random.nextInt(4), 300 + random.nextInt(600)),
                new WatchTimes(800 + random.nextInt(800), 20, 300));
    }

    Settings withMinIsr(int other) {
        return new Settings(
                brokers,
                partitions,
                other,
                flushes,
                segmentBytes,
                fetchRecords,
                isrLimits,
                watchTimes);
    }

    TopicPartition partition(int index) {
        return NAMES[index];
    }
}
