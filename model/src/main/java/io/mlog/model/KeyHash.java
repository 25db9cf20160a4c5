package io.mlog.model;

/**
 * Chooses the partition of a key exactly as Kafka's Java clients do (murmur2 with their seed), so
 * that both languages put a key into the same partition. No state: any thread.
 */
public final class KeyHash {
    private static final int SEED = 0x9747b28c;
    private static final int MIX = 0x5bd1e995;
    private static final int SHIFT = 24;

    private KeyHash() {}

    /**
     * The partition of {@code key} among {@code partitions}.
     *
     * @param partitions how many there are, at least 1
     */
    public static int partition(byte[] key, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("no partition among " + partitions);
        }
        return (murmur2(key) & Integer.MAX_VALUE) % partitions;
    }

    /** 32-bit murmur2 over little-endian words. */
    static int murmur2(byte[] bytes) {
        int length = bytes.length;
        int hash = SEED ^ length;
        int at = 0;
        for (; length - at >= Integer.BYTES; at += Integer.BYTES) {
            int word =
                    (bytes[at] & 0xFF)
                            | (bytes[at + 1] & 0xFF) << 8
                            | (bytes[at + 2] & 0xFF) << 16
                            | (bytes[at + 3] & 0xFF) << 24;
            word *= MIX;
            word ^= word >>> SHIFT;
            word *= MIX;
            hash = (hash * MIX) ^ word;
        }
        if (at < length) {
            for (int i = length - 1; i >= at; i--) {
                hash ^= (bytes[i] & 0xFF) << (8 * (i - at));
            }
            hash *= MIX;
        }
        hash ^= hash >>> 13;
        hash *= MIX;
        return hash ^ (hash >>> 15);
    }
}
