package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CompareImage;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataCommand.ReplaceTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Commands of every kind from a seed, many of which hold and some of which are refused. */
final class RandomCommands {
    private static final List<String> CONFIGS =
            TopicConfigs.all().stream().map(TopicConfig::name).toList();

    private final Random random;
    private final RandomClusterCommands cluster;

    RandomCommands(long seed) {
        random = new Random(seed);
        cluster = new RandomClusterCommands(random);
    }

    /** A command that fits {@code image}, most often. */
    MetadataCommand next(MetadataImage image) {
        return switch (random.nextInt(24)) {
            case 0 -> new CreateCluster("c" + random.nextInt(2), random.nextInt(1, 3));
            case 1 -> cluster.registration(image);
            case 2, 3, 4 ->
                    new CreateTopic(topic(), id(), small(), small(), assignments(), configs());
            case 5 -> new DeleteTopic(topic(), random.nextInt(3) == 0 ? id() : TopicId.ZERO);
            case 6 -> new CreatePartitions(topic(), small(), assignments());
            case 7 -> new SetTopicConfigs(topic(), many(this::edit));
            case 8 -> new ReplaceTopicConfigs(topic(), configs());
            case 9 -> new AllocateProducerIds(random.nextInt(2000) - 10);
            case 10, 11 -> new CompareImage(-1 - random.nextInt(5), random.nextLong());
            default -> cluster.next(image);
        };
    }

    private ConfigEdit edit() {
        String name = CONFIGS.get(random.nextInt(CONFIGS.size()));
        return switch (random.nextInt(4)) {
            case 0 -> new ConfigEdit.Put(name, value());
            case 1 -> new ConfigEdit.Reset(name);
            case 2 -> new ConfigEdit.Append("cleanup.policy", "compact");
            default -> new ConfigEdit.Subtract("cleanup.policy", "delete");
        };
    }

    private Map<String, String> configs() {
        Map<String, String> configs = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            TopicConfig config = TopicConfigs.all().get(random.nextInt(CONFIGS.size()));
            configs.put(config.name(), random.nextInt(4) == 0 ? value() : config.defaultValue());
        }
        return configs;
    }

    private String value() {
        return List.of("1", "2000", "os", "-1", "delete", "", "producer").get(random.nextInt(7));
    }

    private List<List<Integer>> assignments() {
        return random.nextInt(4) == 0
                ? many(() -> List.of(1 + random.nextInt(2), 3 + random.nextInt(4)))
                : List.of();
    }

    private <T> List<T> many(Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }

    private String topic() {
        return "topic-" + random.nextInt(8);
    }

    private TopicId id() {
        return new TopicId(1, random.nextLong());
    }

    private int small() {
        return random.nextInt(6) - 1;
    }
}
