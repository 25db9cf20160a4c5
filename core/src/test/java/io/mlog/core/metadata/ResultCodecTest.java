package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultCodecTest {
    private static final TopicImage TOPIC =
            new TopicImage(
                    "orders",
                    new TopicId(3, 4),
                    List.of(
                            new PartitionImage(0, List.of(1, 2), List.of(1), 1, 5, 9),
                            new PartitionImage(1, List.of(2, 1), List.of(2, 1), 2, 6, 10)),
                    Map.of("retention.ms", "1000"));

    private static final List<CommandResult> RESULTS =
            List.of(
                    new Done(1, new Outcome.Nothing()),
                    new Done(Long.MAX_VALUE, new Outcome.BrokerId(7)),
                    new Done(2, new Outcome.Topic(TOPIC)),
                    new Done(3, new Outcome.ProducerIds(1L << 40, 1000)),
                    new Done(4, new Outcome.LeadershipsLeft(3)),
                    new Done(
                            5,
                            new Outcome.PartitionResults(
                                    List.of(
                                            new PartitionResult.Changed(
                                                    new TopicPartition("orders", 1),
                                                    TOPIC.partitions().get(1)),
                                            new PartitionResult.Unchanged(
                                                    ErrorCode.INVALID_REQUEST, "no")))),
                    new Refused(ErrorCode.TOPIC_ALREADY_EXISTS, "topic 'ä' exists"));

    @Test
    void everyResultIsReadAsItWasWritten() {
        for (CommandResult result : RESULTS) {
            assertThat(ResultCodec.decode(ByteBuffer.wrap(ResultCodec.encode(result))))
                    .isEqualTo(result);
        }
    }

    @Test
    void cutOrPaddedBytesAreNoResult() {
        for (CommandResult result : RESULTS) {
            byte[] bytes = ResultCodec.encode(result);
            for (int length = 0; length < bytes.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
                assertThatThrownBy(() -> ResultCodec.decode(cut))
                        .isInstanceOf(MetadataFormatException.class);
            }
            ByteBuffer padded = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
            assertThatThrownBy(() -> ResultCodec.decode(padded))
                    .isInstanceOf(MetadataFormatException.class);
        }
    }

    @Test
    void aKindOrCodeOfANewerBuildIsNamed() {
        assertThatThrownBy(() -> ResultCodec.decode(ByteBuffer.wrap(new byte[] {9})))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining("a kind of 9");
        byte[] newer =
                ByteBuffer.allocate(10)
                        .put((byte) 2)
                        .putInt(5)
                        .put("NEWER".getBytes(StandardCharsets.US_ASCII))
                        .array();
        assertThatThrownBy(() -> ResultCodec.decode(ByteBuffer.wrap(newer)))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining("'NEWER'");
    }
}
