package io.mlog.core.metadata;

import java.util.HashSet;
import java.util.Set;

/**
 * Who is alive, as one decision sees it. Owned by that decision.
 *
 * <p>An <em>active</em> broker may be given leaderships and replicas; one that shuts down is alive
 * until it is fenced and may only keep, or take over for want of others, what it leads.
 */
final class LiveBrokers {
    private final Set<Integer> unfenced = new HashSet<>();
    private final Set<Integer> active = new HashSet<>();

    LiveBrokers(MetadataImage image) {
        image.brokers().values().forEach(this::add);
    }

    /** As after the decision, which makes one broker {@code changed}. */
    LiveBrokers(MetadataImage image, BrokerImage changed) {
        this(image);
        unfenced.remove(changed.id());
        active.remove(changed.id());
        add(changed);
    }

    boolean isUnfenced(int broker) {
        return unfenced.contains(broker);
    }

    boolean isActive(int broker) {
        return active.contains(broker);
    }

    private void add(BrokerImage broker) {
        if (!broker.fenced()) {
            unfenced.add(broker.id());
        }
        if (broker.active()) {
            active.add(broker.id());
        }
    }
}
