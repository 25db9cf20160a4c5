package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.FollowedPartition;
import io.mlog.broker.partition.ManualTimer;
import io.mlog.model.HostPort;
import io.mlog.services.ReplicaIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A fetcher, two partitions that follow, and a link to the leader whose answers a test gives. */
abstract class FetcherScene {
    static final ReplicaIdentity SELF = new ReplicaIdentity(3, 1234);
    static final BrokerEndpoint LEADER = new BrokerEndpoint(1, new HostPort("127.0.0.1", 9094));
    static final FetcherLimits LIMITS = FetcherLimits.DEFAULTS;

    final ManualTimer timer = new ManualTimer();
    final ScriptedLink link = new ScriptedLink(LEADER);
    final List<Integer> hints = new ArrayList<>();
    final List<FollowedPartition> orphans = new ArrayList<>();
    final List<Throwable> bugs = new ArrayList<>();
    final ReplicationThrottle throttle =
            new ReplicationThrottle(1000, () -> TimeUnit.MILLISECONDS.toNanos(timer.millis()));
    final ReplicationStats stats = new ReplicationStats();
    final ReplicaFetcher fetcher =
            new ReplicaFetcher(
                    LEADER,
                    link,
                    new FollowerContext(
                            SELF,
                            LIMITS,
                            timer,
                            new Random(1),
                            hints::add,
                            throttle,
                            stats,
                            bugs::add),
                    orphans::add);

    final FakeFollowed first = new FakeFollowed(0, 1);
    final FakeFollowed second = new FakeFollowed(1, 1);

    /** Opens a session in which the partitions' asks stand, and one request waits. */
    void open(FakeFollowed... partitions) {
        for (FakeFollowed each : partitions) {
            fetcher.fetchable(each);
        }
        assertThat(link.onlySent().asks()).hasSize(partitions.length);
        link.answer();
        assertThat(link.onlySent().asks()).isEmpty();
    }
}
