package io.mlog.broker.replica;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.broker.partition.FollowedPartition;
import io.mlog.broker.partition.FollowerListener;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicIdPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The fetchers of a broker, one for each leader that it follows; they begin when first needed and
 * are replaced when the metadata gives a leader another address. Any thread: partitions tell it
 * when they may be asked for, the metadata log tells it of images, before anybody acts on them.
 *
 * <p>No partition is lost between fetchers: one whose fetcher ends is offered again, and one whose
 * leader has no known address waits for an image that gives it one.
 */
public final class ReplicaFetchers implements FollowerListener, AutoCloseable {
    private final ReplicaTransport transport;
    private final FollowerContext context;

    /** Where the brokers are, and who fetches from them; both are replaced under this monitor. */
    private volatile Map<Integer, BrokerEndpoint> endpoints = Map.of();

    private volatile Map<Integer, ReplicaFetcher> fetchers = Map.of();
    private volatile boolean closed;
    private final Queue<FollowedPartition> homeless = new ConcurrentLinkedQueue<>();

    /** Begins with no leader known. */
    public ReplicaFetchers(ReplicaTransport transport, FollowerContext context) {
        this.transport = transport;
        this.context = context;
    }

    @Override
    public void fetchable(FollowedPartition partition) {
        Optional<FetchPosition> position = partition.position();
        if (position.isEmpty() || closed) {
            return;
        }
        int leaderId = position.get().leaderId();
        ReplicaFetcher fetcher = fetchers.get(leaderId);
        if (fetcher == null) {
            fetcher = fetcherOf(leaderId, partition);
        }
        if (fetcher != null) {
            fetcher.fetchable(partition);
        }
    }

    /** The fetcher of that leader, made at its first use; null when {@code partition} must wait. */
    private synchronized @Nullable ReplicaFetcher fetcherOf(
            int leaderId, FollowedPartition partition) {
        ReplicaFetcher present = fetchers.get(leaderId);
        if (present != null || closed) {
            return present;
        }
        BrokerEndpoint endpoint = endpoints.get(leaderId);
        if (endpoint == null) {
            homeless.add(partition);
            return null;
        }
        ReplicaFetcher fresh =
                new ReplicaFetcher(endpoint, transport.link(endpoint), context, this);
        Map<Integer, ReplicaFetcher> more = new TreeMap<>(fetchers);
        more.put(leaderId, fresh);
        fetchers = more;
        return fresh;
    }

    /** Takes in where the brokers are, and what this one is being added to; does not block. */
    public void published(MetadataImage image) {
        if (context.throttle().isLimited()) {
            context.throttle().holdBack(beingAdded(image));
        }
        Map<Integer, BrokerEndpoint> known = new TreeMap<>();
        image.brokers()
                .forEach(
                        (id, broker) -> known.put(id, new BrokerEndpoint(id, broker.rpcAddress())));
        List<ReplicaFetcher> ended;
        synchronized (this) {
            if (closed || known.equals(endpoints)) {
                return;
            }
            endpoints = known;
            ended = removeThoseNotAt(known);
        }
        ended.forEach(ReplicaFetcher::close);
        for (int waiting = homeless.size(); waiting > 0; waiting--) {
            FollowedPartition next = homeless.poll();
            if (next != null) {
                fetchable(next);
            }
        }
    }

    private Set<TopicIdPartition> beingAdded(MetadataImage image) {
        Set<TopicIdPartition> added = new HashSet<>();
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.addingReplicas().contains(context.self().brokerId())) {
                    added.add(new TopicIdPartition(topic.id(), partition.partition()));
                }
            }
        }
        return added;
    }

    private List<ReplicaFetcher> removeThoseNotAt(Map<Integer, BrokerEndpoint> known) {
        List<ReplicaFetcher> ended = new ArrayList<>();
        Map<Integer, ReplicaFetcher> kept = new TreeMap<>();
        fetchers.forEach((leaderId, fetcher) -> {
            if (fetcher.leader().equals(known.get(leaderId))) {
                kept.put(leaderId, fetcher);
            } else {
                ended.add(fetcher);
            }
        });
        fetchers = kept;
        return ended;
    }

    /** Ends all fetchers; nothing is asked any more. Idempotent. */
    @Override
    public void close() {
        List<ReplicaFetcher> ended;
        synchronized (this) {
            closed = true;
            ended = List.copyOf(fetchers.values());
            fetchers = Map.of();
        }
        ended.forEach(ReplicaFetcher::close);
    }
}
