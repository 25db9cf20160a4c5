package io.mlog.broker.groups;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.groups.GroupTopics;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubscribableTopicsTest {
    private final Images images = new Images().broker(1, "a").broker(2, null);
    private final SubscribableTopics topics = new SubscribableTopics();

    private GroupTopics changed() {
        return topics.changed(images.image()).orElseThrow();
    }

    private void unchanged() {
        assertThat(topics.changed(images.image())).isEmpty();
    }

    @Test
    void topicsAreToldWithTheRacksOfTheirPartitions() {
        images.topic("t", List.of(Images.partition(0, 1, 0), Images.partition(1, 2, 0)));
        assertThat(requireNonNull(changed().topics().get("t")).racks())
                .containsExactly(Set.of("a"), Set.of("a"));
    }

    @Test
    void leadersAndEpochsAreNoNews() {
        images.topic("t", List.of(Images.partition(0, 1, 0)));
        changed();

        images.topic("t", List.of(Images.partition(0, 2, 9)));
        unchanged();
        unchanged();
    }

    @Test
    void topicsThatComeGoGrowOrAreMadeAnewAreNews() {
        images.topic("t", List.of(Images.partition(0, 1, 0)));
        long first = changed().version();

        images.topic("t", List.of(Images.partition(0, 1, 0), Images.partition(1, 1, 0)));
        assertThat(changed().version()).isGreaterThan(first);
        images.topic("u", List.of(Images.partition(0, 1, 0)));
        assertThat(changed().topics()).containsOnlyKeys("t", "u");
        images.gone("u");
        assertThat(changed().topics()).containsOnlyKeys("t");
        var before = changedAnew().topics().get("t");
        var after = changedAnew().topics().get("t");
        assertThat(before).isNotEqualTo(after);
        unchanged();
    }

    /** The same name, another topic. */
    private GroupTopics changedAnew() {
        images.gone("t").topic("t", List.of(Images.partition(0, 1, 0)));
        return changed();
    }

    @Test
    void anotherRackOfABrokerIsNews() {
        images.topic("t", List.of(Images.partition(0, 1, 0)));
        changed();

        images.broker(2, "b");
        assertThat(requireNonNull(changed().topics().get("t")).racks())
                .containsExactly(Set.of("a", "b"));
    }
}
