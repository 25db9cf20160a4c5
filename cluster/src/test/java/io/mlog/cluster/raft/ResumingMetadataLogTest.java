package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResumingMetadataLogTest {
    private static final PeerId SELF = new PeerId("a", "disk-a");
    private static final PeerId OTHER = new PeerId("b", "disk-b");
    private final IOException full = new IOException("No space left on device");

    /** What is on the disk: outlives the lives. */
    private final List<MetadataCommand> written = new CopyOnWriteArrayList<>();

    private final List<FakeLife> lives = new CopyOnWriteArrayList<>();
    private final List<Long> images = new CopyOnWriteArrayList<>();
    private final List<QuorumLeadership> leaderships = new CopyOnWriteArrayList<>();
    private volatile long usableBytes = Long.MAX_VALUE;
    private volatile Runnable whenLooking = () -> {};
    private final AtomicInteger refusedOpenings = new AtomicInteger();
    private List<PeerId> voters = List.of(SELF);
    private ResumingMetadataLog log;

    @BeforeEach
    void open() throws IOException {
        open(1);
    }

    private void open(long lookEveryMs) throws IOException {
        log =
                new ResumingMetadataLog(
                        SELF, this::openLife, this::lookForSpace, lookEveryMs, this::rememberIndex);
        log.listen(leaderships::add);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private FakeLife openLife(Consumer<MetadataImage> told) throws IOException {
        if (refusedOpenings.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("the port is taken");
        }
        FakeLife life = new FakeLife(told);
        lives.add(life);
        return life;
    }

    private long lookForSpace() {
        whenLooking.run();
        return usableBytes;
    }

    private void rememberIndex(MetadataImage image) {
        images.add(image.appliedIndex());
    }

    @Test
    void isTheLogWhileThatCanBeWritten() throws Exception {
        log.submit(new AllocateProducerIds(5)).get();
        assertThat(log.image().nextProducerId()).isEqualTo(5);
        assertThat(images).containsExactly(1L);
        assertThat(log.leadership().leaderNodeId()).contains("a");
        assertThat(leaderships).containsExactly(new QuorumLeadership(1, Optional.of(SELF), true));
    }

    @Test
    void onAFullDiskChangesAreRefusedTheLastImageStaysAndNobodyLeads() throws Exception {
        log.submit(new AllocateProducerIds(5)).get();
        usableBytes = 0;
        lives.getFirst().unwritable.complete(full);
        awaitDown();
        MlogException refusal = refusalOf(log.submit(new AllocateProducerIds(1)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(refusal.reason())
                .contains("No space left on device", "free some space", "by themselves");
        assertThat(refusalOf(log.barrier()).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(refusalOf(log.transferLeadership(OTHER)).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(log.image().nextProducerId()).isEqualTo(5);
        assertThat(log.view().voters()).hasSize(1);
        assertThat(leaderships.getLast())
                .isEqualTo(new QuorumLeadership(1, Optional.empty(), false));
    }

    @Test
    void goesOnOnceThereIsSpaceAndTellsNoImageTwice() throws Exception {
        log.submit(new AllocateProducerIds(1)).get();
        log.submit(new AllocateProducerIds(1)).get();
        usableBytes = 0;
        lives.getFirst().unwritable.complete(full);
        awaitDown();
        usableBytes = ResumingMetadataLog.LEAST_BYTES;
        awaitToldThatItLeads();
        log.submit(new AllocateProducerIds(1)).get();
        assertThat(log.image().nextProducerId()).isEqualTo(3);
        assertThat(images).containsExactly(1L, 2L, 3L);
        assertThat(lives).hasSize(2);
    }

    @Test
    void anOpeningThatFailsIsTriedAgain() throws Exception {
        refusedOpenings.set(3);
        lives.getFirst().unwritable.complete(full);
        Cluster.eventually("it was opened again", () -> lives.size() == 2);
        Cluster.eventually("it is open again", () -> log.quorumLeadership().leading());
        assertThat(refusedOpenings).hasValue(0);
    }

    @Test
    void aLifeThatEndedIsNotHeardAnyMore() throws Exception {
        lives.getFirst().unwritable.complete(full);
        Cluster.eventually("it was opened again", () -> lives.size() == 2);
        Cluster.eventually("the listener knows", () -> leaderships.size() == 3);
        lives.getFirst().tell(new QuorumLeadership(9, Optional.of(OTHER), false));
        lives.getLast().tell(new QuorumLeadership(2, Optional.of(OTHER), false));
        assertThat(leaderships.stream().map(QuorumLeadership::term))
                .containsExactly(1L, 1L, 1L, 2L);
    }

    @Test
    void afterAnotherFailureItStaysDown() throws Exception {
        lives.getFirst().unwritable.complete(new IOException("Input/output error"));
        awaitDown();
        awaitEndOfResuming(lives.getFirst());
        MlogException refusal = refusalOf(log.submit(new AllocateProducerIds(1)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORAGE_ERROR);
        assertThat(refusal.reason()).contains("Input/output error", "restart this node");
        assertThat(lives).hasSize(1);
    }

    @Test
    void oneVoterAmongOthersIsSilentWhileItIsDownAndTheOnlyOneIsNot() throws Exception {
        usableBytes = 0;
        lives.getFirst().unwritable.complete(full);
        awaitDown();
        assertThat(log.silentMs()).isZero();
        log.close();

        voters = List.of(SELF, OTHER);
        open();
        lives.getLast().unwritable.complete(full);
        awaitDown();
        Cluster.eventually("it is silent", () -> log.silentMs() > 5);
    }

    @Test
    void closingWhileItIsDownEndsItWithoutAnotherLook() throws Exception {
        log.close();
        open(TimeUnit.MINUTES.toMillis(10));
        FakeLife life = lives.getLast();
        life.unwritable.complete(full);
        awaitDown();
        log.close();
        awaitEndOfResuming(life);
        assertThat(lives.getLast()).isSameAs(life);
    }

    @Test
    void closingWhileItLooksForSpaceClosesWhatIsOpenedThen() throws Exception {
        whenLooking = () -> log.close();
        lives.getFirst().unwritable.complete(full);
        awaitEndOfResuming(lives.getFirst());
        assertThat(lives).hasSize(2).allMatch(life -> life.closer.isDone());
        assertThat(leaderships.getLast().leading()).isFalse();
    }

    /** Waits for the end of the thread that closed this life and, if at all, opened the next. */
    private static void awaitEndOfResuming(FakeLife life) throws Exception {
        Thread resuming = life.closer.get(30, TimeUnit.SECONDS);
        assertThat(resuming.getName()).isEqualTo("raft-resume");
        assertThat(resuming.join(Duration.ofSeconds(30))).as("it ends").isTrue();
    }

    /** Until the listener was told, too, which is after the log says so. */
    private void awaitDown() throws Exception {
        Cluster.eventually(
                "the listener knows that it is down",
                () -> leaderships.getLast().leader().isEmpty());
        assertThat(log.leadership().leaderNodeId()).isEmpty();
    }

    /** Likewise. */
    private void awaitToldThatItLeads() throws Exception {
        Cluster.eventually(
                "the listener knows that it leads", () -> leaderships.getLast().leading());
        assertThat(log.quorumLeadership().leading()).isTrue();
    }

    private static MlogException refusalOf(CompletableFuture<?> future) throws Exception {
        return (MlogException) Cluster.failureOf(future);
    }

    /** Applies at once, and replays what was written when it is opened. */
    private final class FakeLife implements ResumingMetadataLog.Life {
        final CompletableFuture<Throwable> unwritable = new CompletableFuture<>();
        final CompletableFuture<Thread> closer = new CompletableFuture<>();
        private final MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
        private final Consumer<MetadataImage> told;
        private final List<QuorumListener> listeners = new ArrayList<>();
        private final QuorumLeadership leadership =
                new QuorumLeadership(1, Optional.of(SELF), true);
        private long index;

        FakeLife(Consumer<MetadataImage> told) {
            this.told = told;
            written.forEach(this::apply);
        }

        private CommandResult apply(MetadataCommand command) {
            CommandResult result = machine.apply(++index, command);
            told.accept(machine.image());
            return result;
        }

        void tell(QuorumLeadership changed) {
            listeners.forEach(listener -> listener.leadershipChanged(changed));
        }

        @Override
        public CompletableFuture<CommandResult> submit(MetadataCommand command) {
            written.add(command);
            return CompletableFuture.completedFuture(apply(command));
        }

        @Override
        public CompletableFuture<Long> barrier() {
            return CompletableFuture.completedFuture(index);
        }

        @Override
        public MetadataImage image() {
            return machine.image();
        }

        @Override
        public Leadership leadership() {
            return new Leadership(Optional.of("a"), 1, List.of("a"));
        }

        @Override
        public PeerId self() {
            return SELF;
        }

        @Override
        public QuorumLeadership quorumLeadership() {
            return leadership;
        }

        @Override
        public QuorumView view() {
            return new QuorumView(
                    leadership,
                    index,
                    true,
                    voters.stream()
                            .map(peer ->
                                    new QuorumMember(
                                            peer,
                                            new HostPort("127.0.0.1", 1),
                                            true,
                                            OptionalLong.empty(),
                                            OptionalLong.empty()))
                            .toList());
        }

        @Override
        public CompletableFuture<Void> change(QuorumView present, QuorumChange change) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> transferLeadership(PeerId to) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void listen(QuorumListener listener) {
            listeners.add(listener);
            listener.leadershipChanged(leadership);
        }

        @Override
        public long silentMs() {
            return 0;
        }

        @Override
        public CompletableFuture<Throwable> unwritable() {
            return unwritable;
        }

        @Override
        public void close() {
            closer.complete(Thread.currentThread());
        }
    }
}
