package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.ImageCodec;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrioTest {
    @TempDir Path directory;

    @Test
    void threeNodesAgreeThroughALostLeaderANewAddressAndAnInstalledSnapshot() throws Exception {
        try (Trio trio = new Trio(directory)) {
            trio.done(new AllocateProducerIds(10));
            trio.awaitProducerIds(10);

            String lost = trio.leader();
            trio.stop(lost);
            for (int i = 0; i < 300; i++) {
                trio.done(new AllocateProducerIds(1));
            }
            trio.awaitProducerIds(310);
            assertThat(trio.leader()).isNotEqualTo(lost);

            trio.start(lost);
            trio.awaitProducerIds(310);
            assertThat(trio.largestStepOf(lost))
                    .as("images between are skipped by an installed snapshot only")
                    .isGreaterThan(50);
            trio.done(new AllocateProducerIds(5));
            trio.awaitProducerIds(315);

            byte[] expected = ImageCodec.encode(trio.image("node-1"));
            for (String node : Trio.NODES) {
                assertThat(ImageCodec.encode(trio.image(node))).isEqualTo(expected);
            }
            assertThat(trio.broken).isEmpty();
        }
    }
}
