package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSegmentTailTest {
    @TempDir Path directory;
    private Path segment;
    private byte[] whole;
    private int used;

    @BeforeEach
    void aLogWithAnOpenSegment() throws Exception {
        try (Node node = Node.start(Node.settings(directory.resolve("origin")))) {
            for (int i = 0; i < 20; i++) {
                node.done(new AllocateProducerIds(1000));
            }
            try (Stream<Path> files = Files.walk(directory)) {
                Path original =
                        files.filter(f -> f.toString().contains("log_inprogress"))
                                .findFirst()
                                .orElseThrow();
                whole = Files.readAllBytes(original);
                segment = directory.resolve(original.getFileName());
            }
        }
        used = whole.length;
        while (whole[used - 1] == 0) {
            used--;
        }
    }

    @Test
    void anEntryTornAnywhereIsCutAndNothingBeforeIt() throws Exception {
        Files.write(segment, whole);
        OpenSegmentTail.repair(directory);
        assertThat(Files.readAllBytes(segment)).isEqualTo(whole);

        for (int torn = 1; torn < 60; torn++) {
            byte[] bytes = whole.clone();
            Arrays.fill(bytes, used - torn, used, (byte) 0);
            Files.write(segment, bytes);
            OpenSegmentTail.repair(directory);
            byte[] repaired = Files.readAllBytes(segment);
            assertThat(repaired.length).isBetween(used - torn - 60, whole.length);
            assertThat(repaired).isEqualTo(Arrays.copyOf(bytes, repaired.length));
            Files.write(segment, Arrays.copyOf(repaired, used + 100));
            OpenSegmentTail.repair(directory);
            assertThat(Files.size(segment))
                    .as("repairing twice changes nothing")
                    .isEqualTo(used + 100);
        }
    }

    @Test
    void aDamagedEntryWithWholeOnesBehindItIsRefused() throws Exception {
        byte[] bytes = whole.clone();
        bytes[used / 2] ^= 4;
        Files.write(segment, bytes);

        assertThatThrownBy(() -> OpenSegmentTail.repair(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("is damaged at byte");
        assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
    }
}
