package io.mlog.broker.http;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.StopImpact;
import io.mlog.model.TopicPartition;
import io.mlog.services.BrokerService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The page {@code /safe-to-stop}: 200 and {@code yes} when the others can do without this broker,
 * else 503 and what would be missing.
 */
final class SafeToStop {
    private static final int MOST_NAMED = 20;

    private SafeToStop() {}

    static HttpAnswer of(HttpSite.Services services) {
        List<String> missing = missing(services.topics().metadata(), services.broker());
        return missing.isEmpty()
                ? HttpAnswer.text(200, "yes")
                : HttpAnswer.text(503, "no: " + String.join("\nno: ", missing));
    }

    private static List<String> missing(MetadataImage image, BrokerService broker) {
        List<String> missing = new ArrayList<>();
        List<String> voters = broker.raftVoters();
        long left = voters.stream().filter(voter -> countsWithout(voter, image, broker)).count();
        if (left <= voters.size() / 2) {
            missing.add(
                    "the metadata would have %d of %d voters left, which is no majority: no topic could be changed and no leader elected"
                            .formatted(left, voters.size()));
        }
        StopImpact impact = StopImpact.of(image, broker.brokerId());
        if (!impact.leaderless().isEmpty()) {
            missing.add(
                    "%d partitions would have no leader: %s"
                            .formatted(impact.leaderless().size(), names(impact.leaderless())));
        }
        if (!impact.underMinIsr().isEmpty()) {
            missing.add(
                    "%d partitions would refuse acks=all for want of in-sync replicas: %s"
                            .formatted(impact.underMinIsr().size(), names(impact.underMinIsr())));
        }
        return missing;
    }

    private static boolean countsWithout(String voter, MetadataImage image, BrokerService broker) {
        return image.broker(voter)
                .filter(each -> each.id() != broker.brokerId())
                .filter(BrokerImage::active)
                .filter(each -> broker.isThere(voter))
                .isPresent();
    }

    private static String names(List<TopicPartition> partitions) {
        return partitions.stream()
                        .limit(MOST_NAMED)
                        .map(TopicPartition::toString)
                        .collect(Collectors.joining(", "))
                + (partitions.size() > MOST_NAMED ? " …" : "");
    }
}
