package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.services.Refusals;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a partition has refused, for who asks why: of each kind how often, and the last one. As many
 * entries as there are codes at most. Any thread.
 *
 * <p>Requests that went to the wrong broker are not kept: clients find leaders by them.
 */
final class RefusalLedger {
    private final Map<ErrorCode, Refusals> byCode = new EnumMap<>(ErrorCode.class);

    synchronized void note(ErrorCode code, String message, long nowMs) {
        if (code != ErrorCode.NOT_LEADER && code != ErrorCode.NONE) {
            Refusals before = byCode.get(code);
            byCode.put(
                    code,
                    new Refusals(code, before == null ? 1 : before.count() + 1, nowMs, message));
        }
    }

    /** The latest kind first. */
    synchronized List<Refusals> all() {
        Collection<Refusals> kinds = byCode.values();
        return kinds.stream()
                .sorted(Comparator.comparingLong(Refusals::lastMs).reversed())
                .toList();
    }
}
