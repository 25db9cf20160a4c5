package io.mlog.broker.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.ManualTimer;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProposedIsrsTest {
    private static final TopicId ID = new TopicId(1, 2);

    private final ManualTimer time = new ManualTimer();
    private final HeldLog log = new HeldLog();
    private final ProposedIsrs proposals = new ProposedIsrs(new IsrMember(1, 10), log, time);

    private void propose(int partition, int partitionEpoch) {
        proposals.propose(
                new TopicPartition("orders", partition),
                ID,
                new IsrProposal(5, partitionEpoch, List.of(new IsrMember(1, 10))));
    }

    @Test
    void whatComesWithinMillisecondsIsOneCommandOfThisBoot() {
        propose(0, 1);
        propose(1, 1);
        assertThat(log.commands).isEmpty();

        time.pass(2);

        ChangePartitions command = log.only();
        assertThat(command.leaderId()).isEqualTo(1);
        assertThat(command.bootEpoch()).isEqualTo(10);
        assertThat(command.changes()).hasSize(2);
    }

    @Test
    void aNewerProposalReplacesOneThatWasNotSent() {
        propose(0, 1);
        propose(0, 2);
        time.pass(2);

        assertThat(log.only().changes())
                .singleElement()
                .matches(change -> change.proposal().partitionEpoch() == 2);
    }

    @Test
    void whileACommandIsInFlightTheNextOnesGatherAndFollowAtOnce() {
        propose(0, 1);
        time.pass(2);
        log.only();
        propose(1, 1);
        propose(2, 1);
        time.pass(1000);
        assertThat(log.commands).isEmpty();

        log.answers.getFirst().complete(refused());

        assertThat(log.only().changes()).hasSize(2);
    }

    @Test
    void aFailedCommandIsDroppedAndTheNextProposalGoesOut() {
        propose(0, 1);
        time.pass(2);
        log.only();
        log.answers
                .getFirst()
                .completeExceptionally(new MlogException(ErrorCode.REQUEST_TIMED_OUT, "lost"));
        assertThat(log.commands).isEmpty();

        propose(0, 1);
        time.pass(2);

        assertThat(log.only().changes()).hasSize(1);
    }

    private static CommandResult refused() {
        return new CommandResult.Refused(ErrorCode.STALE_BROKER_EPOCH, "older");
    }

    /** A metadata log that answers when a test says so. */
    private static final class HeldLog implements MetadataLog {
        final List<MetadataCommand> commands = new ArrayList<>();
        final List<CompletableFuture<CommandResult>> answers = new ArrayList<>();

        ChangePartitions only() {
            assertThat(commands).hasSize(1);
            return (ChangePartitions) commands.removeFirst();
        }

        @Override
        public CompletableFuture<CommandResult> submit(MetadataCommand command) {
            commands.add(command);
            CompletableFuture<CommandResult> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        @Override
        public CompletableFuture<Long> barrier() {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public MetadataImage image() {
            return MetadataImage.EMPTY;
        }

        @Override
        public Leadership leadership() {
            return new Leadership(Optional.empty(), 0, List.of());
        }

        @Override
        public void close() {}
    }
}
