package io.mlog.cli.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.client.why.GroupOverview;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.ListGroups;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupTextTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final GroupOverview GROUP =
            new GroupOverview(
                    new DescribeGroup.Response(
                            "billing",
                            "node-2",
                            "consumer",
                            "Stable",
                            "consumer",
                            3,
                            "uniform",
                            List.of(
                                    new DescribeGroup.Member(
                                            "m1",
                                            Optional.of("i1"),
                                            "app",
                                            "127.0.0.1",
                                            3,
                                            List.of(P0))),
                            List.of(
                                    new DescribeGroup.Offset(P0, 42, 1_764_000_000_000L),
                                    new DescribeGroup.Offset(P1, 7, -1)),
                            List.of(
                                    new DescribeGroup.Event(
                                            1_764_000_000_000L, "JOINED", 3, "app joined"))),
                    Map.of(P0, 50L));

    @Test
    void aDescriptionShowsLagMembersAndWhatHappened() {
        assertThat(GroupText.describe(GROUP))
                .isEqualTo(
                        """
                        group billing   consumer   Stable   epoch 3   assigned by uniform   coordinator node-2

                        TOPIC   PARTITION  OFFSET  END  LAG  COMMITTED             READ BY
                        orders  0          42      50   8    2025-11-24T16:00:00Z  m1
                        orders  1          7       -    -    -                     -

                        MEMBER  INSTANCE  CLIENT  HOST       EPOCH  READS
                        m1      i1        app     127.0.0.1  3      orders-0

                        TIME                  EPOCH  WHAT HAPPENED
                        2025-11-24T16:00:00Z  3      app joined
                        """);
    }

    @Test
    void scriptsAreToldTheSame() {
        assertThat(GroupJson.of(GROUP))
                .startsWith(
                        "{\"group\":\"billing\",\"groupType\":\"consumer\",\"state\":\"Stable\",\"protocolType\":\"consumer\",\"epoch\":3,")
                .contains(
                        "{\"topic\":\"orders\",\"partition\":0,\"offset\":42,\"end\":50,\"lag\":8,\"committedAtMs\":1764000000000,\"memberId\":\"m1\"}",
                        "{\"topic\":\"orders\",\"partition\":1,\"offset\":7,\"end\":null,\"lag\":null,\"committedAtMs\":-1,\"memberId\":null}",
                        "\"assigned\":[\"orders-0\"]");
    }

    @Test
    void groupsAreListedAndNoneIsSaid() {
        assertThat(GroupText.list(List.of())).isEqualTo("no groups\n");
        assertThat(GroupText.list(List.of(new ListGroups.Group("billing", "classic", "Empty", ""))))
                .isEqualTo(
                        """
                        GROUP    TYPE     STATE  MEMBERS ARE
                        billing  classic  Empty  -
                        """);
    }
}
