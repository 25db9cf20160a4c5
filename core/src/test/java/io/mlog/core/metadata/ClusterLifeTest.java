package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.model.ErrorCode;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long lives of clusters from seeds: invariants after every command, and two nodes agree. */
class ClusterLifeTest {
    private static final int SEEDS = 40;
    private static final int COMMANDS = 1500;

    private final ClusterInvariants total = new ClusterInvariants();
    private final Map<ErrorCode, Integer> refusals = new EnumMap<>(ErrorCode.class);

    @Test
    @Timeout(300)
    void theInvariantsHoldWhateverHappens() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                live(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.printf(
                "metadata life: %d leader changes, %d unclean, %d steps without a leader,"
                        + " %d lost directories, %d ISR shrinks, %d expansions, %d reassignments"
                        + " ended, refusals %s%n",
                total.leaderChanges,
                total.uncleanElections,
                total.leaderless,
                total.lostDirectories,
                total.shrinks,
                total.expansions,
                total.reassignments,
                refusals);
        assertThat(total.leaderChanges).isPositive();
        assertThat(total.uncleanElections).isPositive();
        assertThat(total.leaderless).isPositive();
        assertThat(total.lostDirectories).isPositive();
        assertThat(total.shrinks).isPositive();
        assertThat(total.expansions).isPositive();
        assertThat(total.reassignments).isPositive();
        assertThat(total.leadersShuttingDown).isPositive();
        assertThat(refusals).hasSizeGreaterThan(8);
    }

    private void live(long seed) {
        RandomCommands commands = new RandomCommands(seed);
        ClusterInvariants invariants = new ClusterInvariants();
        MetadataMachine node = new MetadataMachine(MetadataImage.EMPTY);
        MetadataMachine other = new MetadataMachine(MetadataImage.EMPTY);
        node.apply(1, new CreateCluster("c0"));
        other.apply(1, new CreateCluster("c0"));
        for (int index = 2; index <= COMMANDS; index++) {
            MetadataImage before = node.image();
            MetadataCommand command = commands.next(before);
            CommandResult result = node.apply(index, command);
            assertThat(other.apply(index, command)).isEqualTo(result);
            if (result instanceof Refused refused) {
                refusals.merge(refused.code(), 1, Integer::sum);
                assertThat(node.image()).isEqualTo(before.stepped(index));
            }
            invariants.check(before, command, node.image());
            assertThat(other.takeDueComparison()).isEqualTo(node.takeDueComparison());
            if (index % 250 == 0) {
                other = restored(other, node);
            }
        }
        total.add(invariants);
    }

    /** The other node from a snapshot of its own, which is that of the first byte for byte. */
    private static MetadataMachine restored(MetadataMachine other, MetadataMachine node) {
        byte[] snapshot = ImageCodec.encode(other.image());
        assertThat(snapshot).isEqualTo(ImageCodec.encode(node.image()));
        MetadataImage image = ImageCodec.decode(ByteBuffer.wrap(snapshot));
        assertThat(image).isEqualTo(node.image());
        return new MetadataMachine(image);
    }
}
