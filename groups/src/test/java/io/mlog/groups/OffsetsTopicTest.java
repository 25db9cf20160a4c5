package io.mlog.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

final class OffsetsTopicTest {
    /** Negative hashes are where ways to reckon it differ. */
    @Test
    void groupsBelongWhereKafkaLooksForThem() {
        Random random = new Random(4_4);
        Set<Integer> seen = new HashSet<>();
        for (int round = 0; round < 1_000; round++) {
            String group = Long.toString(random.nextLong(), 36);
            seen.add(OffsetsTopic.partitionFor(group));
            assertThat(OffsetsTopic.partitionFor(group))
                    .as(group)
                    .isEqualTo(Utils.abs(group.hashCode()) % OffsetsTopic.PARTITIONS);
        }
        assertThat(seen).hasSize(OffsetsTopic.PARTITIONS);
        assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(OffsetsTopic.partitionFor("polygenelubricants")).isZero();
    }

    @Test
    void topicIsCompacted() {
        assertThat(OffsetsTopic.configs())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("compression.type", "producer")
                .containsEntry("segment.bytes", "16777216");
    }
}
