package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A partition whose disk fails or lies, while it leads and while it does not. */
class FailingLeaderTest extends ThreeReplicas {
    @Test
    void aLeaderWhoseDiskFailsHandsOverToTheOthersInSyncUntilAnotherLeads() {
        all(1, 1, 2, 1, 2, 3);
        leader.disk.faults().failForces(file -> true);
        leader.produce(Acks.ALL, "a");
        leader.flush();

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.STORAGE_ERROR);
        IsrProposal handOver =
                new IsrProposal(1, 1, List.of(new IsrMember(2, 20), new IsrMember(3, 30)));
        assertThat(leader.proposals).containsExactly(handOver);

        leader.partition.tick();
        assertThat(leader.proposals).as("repeated").containsExactly(handOver, handOver);
        leader.image(1, 1, 2, 2, 1, 3);
        leader.partition.tick();
        assertThat(leader.proposals.getLast())
                .as("on the newest image")
                .isEqualTo(new IsrProposal(1, 2, List.of(new IsrMember(3, 30))));
        leader.image(3, 2, 3, 2, 3);
        leader.proposals.clear();
        leader.partition.tick();
        assertThat(leader.proposals).isEmpty();
    }

    @Test
    void aDamagedLeaderHandsOverAndCopiesEverythingAnew() {
        all(1, 1, 2, 1, 2, 3);
        for (String value : List.of("a", "b", "c")) {
            leader.produce(Acks.ALL, value);
            leader.flush();
            second.catchUpWith(leader);
            third.catchUpWith(leader);
            assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
        }
        leader.damage();

        leader.partition.tick();
        assertThat(leader.proposals)
                .containsExactly(
                        new IsrProposal(1, 1, List.of(new IsrMember(2, 20), new IsrMember(3, 30))));
        for (Node each : List.of(leader, second, third)) {
            each.image(2, 2, 2, 2, 2, 3);
        }
        assertThat(leader.partition.position().orElseThrow().fetchOffset()).isZero();
        leader.catchUpWith(second);

        assertThat(leader.partition.log().isDamaged()).isFalse();
        assertThat(leader.log()).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void aDamagedReplicaThatIsInSyncIsKept() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        third.damage();

        third.image(2, 2, 2, 2, 2, 3);

        assertThat(third.partition.position().orElseThrow().fetchOffset()).isEqualTo(1);
    }

    @Test
    void aLeaderWhoseDiskFailsAndWhoIsAloneInSyncStays() {
        all(1, 1, 1, 1);
        leader.disk.faults().failForces(file -> true);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        leader.partition.tick();

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.STORAGE_ERROR);
        assertThat(leader.proposals).isEmpty();
    }
}
