package io.mlog.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ListOffsets;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminClientTest {
    private final FakeLogs logs = new FakeLogs();

    @Test
    void topicsAreCreatedListedDescribedAndDeleted() throws IOException {
        try (FakeBroker broker = new FakeBroker(logs);
                AdminClient admin = AdminClient.connect(broker.address().toString())) {
            assertThat(admin.createTopic("orders", 3, 1, Map.of()).topic()).isEqualTo("orders");
            assertThat(admin.listTopics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions()).isEqualTo(3));
            assertThat(admin.describeTopic("orders").partitions()).hasSize(3);
            assertThat(admin.findLeader(new TopicPartition("orders", 1)))
                    .isEqualTo(broker.address());
            admin.deleteTopic("orders");
            assertThat(admin.listTopics()).isEmpty();
            assertThatThrownBy(() -> admin.describeTopic("orders"))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e ->
                                    assertThat(e.code())
                                            .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    @Test
    void offsetsAreFoundByPlaceAndTime() throws IOException {
        TopicPartition partition = new TopicPartition("t", 0);
        logs.topic("t", 1).append(partition, "a", "b", "c");
        try (FakeBroker broker = new FakeBroker(logs);
                AdminClient admin = AdminClient.connect(broker.address().toString())) {
            assertThat(admin.listOffset(partition, new ListOffsets.At.Latest()).offset())
                    .hasValue(3);
            assertThat(admin.listOffset(partition, new ListOffsets.At.AtOrAfter(1001)).offset())
                    .hasValue(1);
            assertThat(admin.committedOffset("nobody", partition)).isEmpty();
        }
    }
}
