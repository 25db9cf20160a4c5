package io.mlog.kafka;

/**
 * What one Kafka request may ask for at most.
 *
 * @param maxStructureBytes most bytes of a request that are not record batches: arrays in a request
 *     cost many times their bytes once parsed, so this bounds the memory of parsing; 1 KiB or more
 * @param maxElements most elements of all arrays of a request together: topics, partitions, configs
 *     and so on. Each costs microseconds on the event loop, so this bounds how long one request can
 *     hold up the connections that share it; 1 or more
 * @param maxBatchesPerPartition most record batches for one partition in one Produce, 1 or more;
 *     Kafka's rule for Produce v3 and later is 1
 * @param maxProduceTimeoutMs longest wait of an {@code acks=all} produce; a longer one is cut
 * @param maxFetchBytes most record bytes in one Fetch response beyond the first batch
 * @param maxFetchWaitMs longest wait of a Fetch; a longer one is cut
 * @param maxChangesPerRequest most topics one request may create, delete or alter
 */
public record KafkaLimits(
        int maxStructureBytes,
        int maxElements,
        int maxBatchesPerPartition,
        int maxProduceTimeoutMs,
        int maxFetchBytes,
        int maxFetchWaitMs,
        int maxChangesPerRequest) {
    /** 1 MiB of structure, 10,000 elements, 1 batch, 2 minutes, 55 MiB, 5 minutes, 1000 changes. */
    public static final KafkaLimits DEFAULTS =
            new KafkaLimits(1 << 20, 10_000, 1, 120_000, 55 << 20, 300_000, 1_000);

    public KafkaLimits {
        atLeast("maxStructureBytes", maxStructureBytes, 1 << 10);
        atLeast("maxElements", maxElements, 1);
        atLeast("maxBatchesPerPartition", maxBatchesPerPartition, 1);
        atLeast("maxProduceTimeoutMs", maxProduceTimeoutMs, 1);
        atLeast("maxFetchBytes", maxFetchBytes, 1 << 10);
        atLeast("maxFetchWaitMs", maxFetchWaitMs, 1);
        atLeast("maxChangesPerRequest", maxChangesPerRequest, 1);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", it must be " + least + " or more");
        }
    }
}
