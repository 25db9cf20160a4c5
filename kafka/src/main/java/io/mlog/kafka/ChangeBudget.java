package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;

/** Counts the changes that one request asks for against the limit. One thread, one request. */
final class ChangeBudget {
    private final int max;
    private int taken;

    ChangeBudget(KafkaLimits limits) {
        this.max = limits.maxChangesPerRequest();
    }

    /** Takes one change; throws POLICY_VIOLATION when none is left. */
    void take() {
        if (taken == max) {
            throw new MlogException(
                    ErrorCode.POLICY_VIOLATION,
                    "one request may change " + max + " topics; send the rest in another request");
        }
        taken++;
    }
}
