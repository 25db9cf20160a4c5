package io.mlog.broker.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.LocalRecords;
import io.mlog.broker.partition.ManualTimer;
import io.mlog.broker.topics.InMemoryMetadataLog;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The session of a broker on a log in memory whose answers can be lost. */
final class BrokerSessionTest {
    private static final HostPort ADDRESS = new HostPort("127.0.0.1", 9094);
    private static final long BOOT = 100;

    private final ManualTimer time = new ManualTimer();
    private final LossyLog log = new LossyLog();
    private final BrokerSession session =
            new BrokerSession(
                    new BrokerSession.Identity(1, BOOT),
                    List.of(),
                    log,
                    new FakeQuorum(new PeerId("node-1", "dir-1")),
                    new CutOffRecords(
                            new LocalRecords(new HostedPartitions(), time, Runnable::run, time)),
                    time,
                    6000,
                    bug -> {
                        throw new AssertionError(bug);
                    },
                    () -> {
                        throw new AssertionError("nobody takes the broker out");
                    });

    @BeforeEach
    void register() {
        log.apply(new MetadataCommand.CreateCluster("c1"));
        log.apply(
                new MetadataCommand.RegisterBroker(
                        "node-1", "dir-1", BOOT, null, ADDRESS, ADDRESS, null, "1"));
    }

    @Test
    void aBrokerIsInServiceOnceItIsUnfenced() {
        CompletableFuture<Long> inService = session.begin();

        assertThat(self().fenced()).isFalse();
        assertThat(inService).isCompletedWithValue(log.image().appliedIndex());
    }

    @Test
    void aBrokerSeesThatItIsInServiceThoughTheAnswerWasLost() {
        log.loses = true;
        CompletableFuture<Long> inService = session.begin();
        assertThat(self().fenced()).isFalse();
        assertThat(inService).isNotDone();

        time.pass(500);

        assertThat(inService).isCompletedWithValue(log.image().appliedIndex());
    }

    @Test
    void aBrokerThatIsFencedWhileItLivesComesBack() {
        session.begin();
        log.apply(new MetadataCommand.FenceBroker(1, BOOT));
        assertThat(self().fenced()).isTrue();

        time.pass(500);

        assertThat(self().fenced()).isFalse();
    }

    private BrokerImage self() {
        return Objects.requireNonNull(log.image().brokers().get(1));
    }

    /** Applies every command, and may then fail to say so. */
    private static final class LossyLog implements MetadataLog {
        private final InMemoryMetadataLog log = new InMemoryMetadataLog(image -> {});
        private boolean loses;

        void apply(MetadataCommand command) {
            assertThat(log.submit(command).join()).isInstanceOf(CommandResult.Done.class);
        }

        @Override
        public CompletableFuture<CommandResult> submit(MetadataCommand command) {
            CompletableFuture<CommandResult> answer = log.submit(command);
            return loses
                    ? CompletableFuture.failedFuture(
                            new MlogException(ErrorCode.REQUEST_TIMED_OUT, "no answer in time"))
                    : answer;
        }

        @Override
        public CompletableFuture<Long> barrier() {
            return log.barrier();
        }

        @Override
        public MetadataImage image() {
            return log.image();
        }

        @Override
        public Leadership leadership() {
            return log.leadership();
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
