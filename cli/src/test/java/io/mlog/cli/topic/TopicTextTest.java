package io.mlog.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ListTopics;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TopicTextTest {
    private static final TopicId ID = new TopicId(1, 2);
    private static final DescribeTopic.Response ORDERS =
            new DescribeTopic.Response(
                    "orders",
                    ID,
                    1,
                    List.of(
                            new DescribeTopic.Config("flush", Optional.of("group"), "default"),
                            new DescribeTopic.Config("odd", Optional.empty(), "topic")),
                    List.of(
                            partition(
                                    0,
                                    Optional.of(
                                            new DescribeTopic.Log(
                                                    3,
                                                    10,
                                                    12,
                                                    11,
                                                    4096,
                                                    2,
                                                    List.of(
                                                            new DescribeTopic.Follower(
                                                                    "node-2", true, 4, 7)),
                                                    true,
                                                    Optional.empty(),
                                                    List.of()))),
                            partition(
                                    1,
                                    Optional.of(
                                            new DescribeTopic.Log(
                                                    0,
                                                    0,
                                                    0,
                                                    0,
                                                    0,
                                                    1,
                                                    List.of(),
                                                    false,
                                                    Optional.of("fsync \"failed\""),
                                                    List.of()))),
                            partition(2, Optional.empty())));

    @Test
    void creationSaysWhatWasMade() {
        assertThat(
                        TopicText.created(
                                new CreateTopic.Response(
                                        "orders",
                                        ID,
                                        List.of(
                                                new CreateTopic.Placement(
                                                        0, Optional.of("n"), List.of("n"))))))
                .isEqualTo("created orders: 1 partition, 1 replica each");
    }

    @Test
    void listIsATableOrSaysThatItIsEmpty() {
        assertThat(TopicText.list(List.of())).isEqualTo("no topics\n");
        assertThat(
                        TopicText.list(
                                List.of(
                                        new ListTopics.Topic(
                                                "a-long-name", ID, 3, 1, Optional.empty()))))
                .isEqualTo(
                        """
                        TOPIC        PARTITIONS  REPLICAS  LEADER OF 0
                        a-long-name  3           1         -
                        """);
    }

    @Test
    void descriptionHasALineForEachPartitionAndEachConfiguration() {
        assertThat(TopicText.describe(ORDERS))
                .contains("topic orders   id " + ID + "   1 replica each\n")
                .containsPattern(
                        "0 +node-1 +7 +node-1 +node-1 +3 +10 +12 +11 +4096 +2 +node-2:4 +online\n")
                .contains("OFFLINE: fsync \"failed\"\n")
                .contains("no replica here\n")
                .containsPattern("flush +group +default\n")
                .containsPattern("odd +- +topic\n");
    }

    @Test
    void jsonHasTheFieldsOfTheRpcAndNullForWhatIsEmpty() {
        assertThat(TopicJson.of(ORDERS))
                .startsWith("{\"topic\":\"orders\",\"topicId\":\"" + ID + "\",\"replicas\":1,")
                .contains("\"leaderAddr\":\"127.0.0.1:9094\"")
                .contains("\"highWatermark\":10,")
                .contains("\"problem\":\"fsync \\\"failed\\\"\"")
                .contains("\"log\":null")
                .endsWith("{\"name\":\"odd\",\"value\":null,\"source\":\"topic\"}]}");
    }

    private static DescribeTopic.Partition partition(int number, Optional<DescribeTopic.Log> log) {
        return new DescribeTopic.Partition(
                number,
                Optional.of("node-1"),
                Optional.of(new HostPort("127.0.0.1", 9094)),
                7,
                List.of("node-1"),
                List.of("node-1"),
                log);
    }
}
