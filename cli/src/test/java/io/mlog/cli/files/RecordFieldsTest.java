package io.mlog.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cli.terminal.JsonText;
import io.mlog.core.metadata.ConfigEdit;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.core.metadata.MetadataRecord.ConfigChanged;
import io.mlog.core.metadata.MetadataRecord.LeaderChange;
import io.mlog.model.TopicPartition;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecordFieldsTest {
    @Test
    void componentsKeepTheirOrderAndGlossaryWordsTheirText() {
        assertThat(
                        JsonText.of(
                                RecordFields.of(
                                        new LeaderChange(new TopicPartition("t", 2), 1, 5, 9))))
                .isEqualTo(
                        "{\"partition\":\"t-2\",\"leader\":1,\"leaderEpoch\":5,\"partitionEpoch\":9}");
    }

    @Test
    void whatIsAbsentIsNull() {
        assertThat(JsonText.of(RecordFields.of(new ConfigChanged("t", "retention.ms", null))))
                .isEqualTo("{\"topic\":\"t\",\"name\":\"retention.ms\",\"value\":null}");
    }

    @Test
    void aChoiceAmongSeveralSaysWhichOneItIs() {
        assertThat(
                        JsonText.of(
                                RecordFields.of(
                                        new SetTopicConfigs(
                                                "t",
                                                List.of(new ConfigEdit.Reset("retention.ms"))))))
                .isEqualTo(
                        "{\"topic\":\"t\",\"edits\":[{\"type\":\"Reset\",\"name\":\"retention.ms\"}]}");
    }
}
