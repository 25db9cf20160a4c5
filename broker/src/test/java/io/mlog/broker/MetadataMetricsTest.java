package io.mlog.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.metrics.Metrics;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetadataMetricsTest {
    private final MetadataMetrics metadata =
            new MetadataMetrics(() -> new QuorumLeadership(7, Optional.empty(), true));
    private final Metrics metrics = new Metrics();

    MetadataMetricsTest() {
        metrics.add(metadata);
    }

    @Test
    void electionsAreThoseSeenSinceTheStart() {
        metadata.acted(image(1, led(5), led(5), led(5)));
        assertThat(page()).contains("mlog_elections_total 0.0");

        metadata.acted(image(2, led(6), led(5), nobody(6)));
        assertThat(page())
                .contains(
                        "mlog_elections_total 1.0",
                        "mlog_leaderless_partitions 1.0",
                        "mlog_metadata_applied_index 2.0");

        metadata.acted(image(3, led(6), led(5), led(7)));
        assertThat(page()).contains("mlog_elections_total 2.0", "mlog_leaderless_partitions 0.0");
    }

    @Test
    void aPartitionOnTheMoveAndTheLeadershipOfTheMetadataAreTold() {
        metadata.acted(
                image(
                        1,
                        new PartitionImage(
                                0,
                                List.of(1, 2),
                                List.of(1),
                                1,
                                0,
                                0,
                                List.of(2),
                                List.of(),
                                null)));

        assertThat(page())
                .contains(
                        "mlog_reassigning_partitions 1.0",
                        "mlog_metadata_leader 1.0",
                        "mlog_metadata_term 7.0");
    }

    private String page() {
        return new String(metrics.scrape(), UTF_8);
    }

    private static PartitionImage led(int epoch) {
        return new PartitionImage(0, List.of(1), List.of(1), 1, epoch, epoch);
    }

    private static PartitionImage nobody(int epoch) {
        return new PartitionImage(
                0, List.of(1), List.of(1), PartitionImage.NO_LEADER, epoch, epoch);
    }

    private static MetadataImage image(long index, PartitionImage... partitions) {
        TopicImage topic =
                new TopicImage("orders", new TopicId(1, 2), List.of(partitions), Map.of());
        return new MetadataImage(
                index,
                index,
                1,
                "c1",
                Map.of("orders", topic),
                Map.of(topic.id(), "orders"),
                Map.of(),
                2,
                0);
    }
}
