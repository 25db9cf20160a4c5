package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.ManualTimer;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which fetcher a partition is with, by what the metadata says. */
final class ReplicaFetchersTest {
    private final ManualTimer timer = new ManualTimer();
    private final List<ScriptedLink> links = new ArrayList<>();
    private final ReplicationThrottle throttle = new ReplicationThrottle(1000, () -> 0);
    private final ReplicaFetchers fetchers =
            new ReplicaFetchers(
                    this::link,
                    new FollowerContext(
                            new ReplicaIdentity(3, 1),
                            FetcherLimits.DEFAULTS,
                            timer,
                            new Random(1),
                            ContactHints.NONE,
                            throttle,
                            new ReplicationStats(),
                            bug -> {
                                throw new AssertionError(bug);
                            }));

    private final FakeFollowed first = new FakeFollowed(0, 1);
    private final FakeFollowed second = new FakeFollowed(1, 2);

    private ScriptedLink link(BrokerEndpoint leader) {
        ScriptedLink link = new ScriptedLink(leader);
        links.add(link);
        return link;
    }

    @Test
    void eachLeaderHasOneFetcher() {
        fetchers.published(brokers(9094, 9097));
        fetchers.fetchable(first);
        fetchers.fetchable(second);
        fetchers.fetchable(new FakeFollowed(2, 1));

        assertThat(links).extracting(link -> link.leader).containsExactly(at(1, 9094), at(2, 9097));
        assertThat(links.get(0).asked()).containsExactly(0, 2);
        assertThat(links.get(1).asked()).containsExactly(1);
    }

    @Test
    void aPartitionWhoseLeaderIsNotKnownWaitsForTheImage() {
        fetchers.fetchable(first);
        assertThat(links).isEmpty();

        fetchers.published(brokers(9094));

        assertThat(links.getFirst().asked()).containsExactly(0);
    }

    @Test
    void aPartitionGoesToItsNewLeaderAtOnceAndTheOldOnesAnswerIsNotTaken() {
        fetchers.published(brokers(9094, 9097));
        fetchers.fetchable(first);
        ScriptedLink old = links.getFirst();
        old.onlySent();

        first.follow(2, 6);
        fetchers.fetchable(first);

        assertThat(links.get(1).asked()).containsExactly(0);
        old.answer(first.records());
        assertThat(first.position())
                .hasValueSatisfying(position -> assertThat(position.fetchOffset()).isEqualTo(100));
        assertThat(old.asked()).as("asked of the old leader").isEmpty();
    }

    @Test
    void aLeaderWithAnotherAddressIsFollowedThere() {
        fetchers.published(brokers(9094));
        fetchers.fetchable(first);
        ScriptedLink old = links.getFirst();
        old.onlySent();

        fetchers.published(brokers(9194));
        old.run();

        assertThat(old.closed).isTrue();
        assertThat(links).extracting(link -> link.leader).contains(at(1, 9194));
        assertThat(links.get(1).asked()).containsExactly(0);
    }

    @Test
    void whatHappensElsewhereInTheMetadataDisturbsNobody() {
        fetchers.published(brokers(9094, 9097));
        fetchers.fetchable(first);
        links.getFirst().onlySent();

        fetchers.published(brokers(9094, 9197));

        links.getFirst().answer(first.error(ErrorCode.NOT_LEADER));
        assertThat(links).hasSize(1);
        assertThat(links.getFirst().closed).isFalse();
    }

    @Test
    void aLeaderThatIsUnregisteredIsLeftAndItsPartitionsWait() {
        fetchers.published(brokers(9094));
        fetchers.fetchable(first);
        fetchers.published(MetadataImage.EMPTY);
        links.getFirst().run();
        assertThat(links.getFirst().closed).isTrue();

        fetchers.published(brokers(9094));
        assertThat(links.get(1).asked()).containsExactly(0);
    }

    @Test
    void onlyPartitionsThatThisBrokerIsAddedToAreThrottled() {
        fetchers.published(reassigning(List.of(), List.of(3), List.of(4)));
        for (int partition = 0; partition < 3; partition++) {
            fetchers.fetchable(new FakeFollowed(partition, 1));
        }
        int most = FetcherLimits.DEFAULTS.maxPartitionBytes();
        assertThat(links.getFirst().asks())
                .extracting(ReplicaAsk::maxBytes)
                .containsExactly(most, 1000, most);
    }

    @Test
    void afterTheEndNothingIsAsked() {
        fetchers.published(brokers(9094, 9097));
        fetchers.fetchable(first);
        links.getFirst().onlySent();
        fetchers.close();
        links.getFirst().run();
        fetchers.fetchable(first);
        fetchers.fetchable(second);
        fetchers.published(brokers(1, 2));
        assertThat(links).hasSize(1);
        assertThat(links.getFirst().closed).isTrue();
        assertThat(links.getFirst().sent()).isEmpty();
    }

    private static BrokerEndpoint at(int id, int port) {
        return new BrokerEndpoint(id, new HostPort("127.0.0.1", port));
    }

    /** Broker 1 at the first port, and so on. */
    private static MetadataImage brokers(int... ports) {
        Map<Integer, BrokerImage> brokers = new HashMap<>();
        for (int i = 0; i < ports.length; i++) {
            HostPort address = new HostPort("127.0.0.1", ports[i]);
            brokers.put(
                    i + 1,
                    new BrokerImage(
                            i + 1,
                            "node-" + i,
                            "dir",
                            1,
                            null,
                            address,
                            address,
                            null,
                            "test",
                            false,
                            false));
        }
        return new MetadataImage(1, 1, 1, "cluster", Map.of(), Map.of(), brokers, 9, 0);
    }

    /** One topic, and the brokers that are being added to each of its partitions. */
    private static MetadataImage reassigning(
            List<Integer> first, List<Integer> second, List<Integer> third) {
        MetadataImage image = brokers(9094);
        List<PartitionImage> partitions =
                List.of(partition(0, first), partition(1, second), partition(2, third));
        TopicImage orders = new TopicImage("orders", FakeFollowed.ORDERS, partitions, Map.of());
        return new MetadataImage(
                2,
                2,
                1,
                "cluster",
                Map.of("orders", orders),
                Map.of(orders.id(), "orders"),
                image.brokers(),
                9,
                0);
    }

    private static PartitionImage partition(int index, List<Integer> adding) {
        List<Integer> replicas = List.of(1, 3, 4);
        return new PartitionImage(index, replicas, List.of(1), 1, 5, 9, adding, List.of(), null);
    }
}
