package io.mlog.broker.rpc;

/**
 * What one JSON request may ask for at most; more counts as this much.
 *
 * @param maxFetchBytes most bytes of records that one fetch reads, 1 or more
 * @param maxFetchWaitMs longest wait of a fetch, 0 or more
 * @param maxBatchBytes largest batch that is built of a request's records before compression, 1 KiB
 *     or more; a larger one is refused
 */
public record RpcLimits(int maxFetchBytes, int maxFetchWaitMs, int maxBatchBytes) {
    /** 32 MiB, 5 minutes, 128 MiB. */
    public static final RpcLimits DEFAULTS = new RpcLimits(32 << 20, 300_000, 128 << 20);

    public RpcLimits {
        if (maxFetchBytes < 1 || maxFetchWaitMs < 0 || maxBatchBytes < 1 << 10) {
            throw new IllegalArgumentException(
                    "no such limits: maxFetchBytes %d, maxFetchWaitMs %d, maxBatchBytes %d"
                            .formatted(maxFetchBytes, maxFetchWaitMs, maxBatchBytes));
        }
    }
}
