package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/** How many fetch sessions there are, who has to go for whom, and what one remembers. */
final class FetchSessionsTest {
    private static final long MINUTE_MS = 60_000;

    private long nowMs = 1;

    /** Three sessions, 100 partitions in all and 60 in one. */
    private final FetchSessions sessions =
            new FetchSessions(new FetchSessions.Limits(3, 100, 60, 2 * MINUTE_MS), () -> nowMs);

    private final FakeConnection a = new FakeConnection();
    private final FakeConnection b = new FakeConnection();
    private final FakeConnection c = new FakeConnection();
    private final FakeConnection d = new FakeConnection();

    @Test
    void whoFindsNoRoomHasNoSessionAndIsServedAllTheSame() {
        int first = open(a, 1);
        open(b, 1);
        open(c, 1);

        assertThat(turn(d, 0, 0, 5)).isInstanceOf(FetchTurn.Whole.class);
        assertThat(goesOn(a, first, 1)).isTrue();
        assertThat(sessions.size()).isEqualTo(3);
        assertThat(sessions.evictions()).isZero();
    }

    @Test
    void whoWasSilentForLongMakesRoom() {
        int first = open(a, 50);
        open(b, 1);
        open(c, 1);
        pass(1);
        goesOn(b, 2, 1);
        goesOn(c, 3, 1);
        pass(1.5);

        open(d, 1);

        assertThat(goesOn(a, first, 1)).isFalse();
        assertThat(goesOn(b, 2, 2)).isTrue();
        assertThat(sessions.partitions()).isEqualTo(3);
        assertThat(sessions.evictions()).isEqualTo(1);
    }

    @Test
    void anOldSmallerOneMakesRoomForALargerOneButNotForASmaller() {
        open(a, 9);
        open(b, 4);
        open(c, 6);
        for (int epoch = 1; epoch <= 3; epoch++) {
            pass(1);
            goesOn(a, 1, epoch);
            goesOn(b, 2, epoch);
            goesOn(c, 3, epoch);
        }

        assertThat(turn(d, 0, 0, 4)).isInstanceOf(FetchTurn.Whole.class);
        open(d, 5);

        assertThat(goesOn(b, 2, 4)).as("the smallest").isFalse();
        assertThat(goesOn(a, 1, 4)).isTrue();
        assertThat(goesOn(c, 3, 4)).isTrue();
    }

    @Test
    void aYoungOneDoesNotMakeRoom() {
        open(a, 1);
        open(b, 1);
        open(c, 1);
        pass(1);

        assertThat(turn(d, 0, 0, 50)).isInstanceOf(FetchTurn.Whole.class);
    }

    @Test
    void partitionsAreCountedOverAllSessions() {
        open(a, 60);
        assertThat(turn(b, 0, 0, 41)).isInstanceOf(FetchTurn.Whole.class);
        open(b, 40);
        assertThat(sessions.partitions()).isEqualTo(100);

        assertThat(turn(c, 0, 0, 1)).isInstanceOf(FetchTurn.Whole.class);
        b.whenClosed.run();
        open(c, 40);
        assertThat(sessions.partitions()).isEqualTo(100);
    }

    @Test
    void aSessionThatGrowsBeyondTheBoundsIsOver() {
        int one = open(a, 59);
        assertThat(turn(a, one, 1, 60)).as("one more").isInstanceOf(FetchTurn.InSession.class);
        assertThat(turn(a, one, 2, 61))
                .isEqualTo(new FetchTurn.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND));
        assertThat(sessions.size()).isZero();
        assertThat(sessions.partitions()).isZero();
        assertThat(turn(b, 0, 0, 61)).isInstanceOf(FetchTurn.Whole.class);
    }

    @Test
    void anEpochWrapsToOne() {
        FetchSession session = new FetchSession(1, false);
        session.update(FetchWish.of(wants(1)), List.of());
        for (int expected = 1; expected < 4; expected++) {
            assertThat(session.nextEpoch()).isEqualTo(expected);
            assertThat(session.next().nextEpoch()).isEqualTo(expected + 1);
        }
    }

    @Test
    void aChangedLogStartAndANearerReplicaAreNews() {
        FetchSession session = new FetchSession(1, false);
        session.update(FetchWish.of(wants(1)), List.of());
        session.told(session.first(), List.of(entry(10, 0)));

        assertThat(news(session, entry(10, 0))).isFalse();
        assertThat(news(session, entry(10, 4))).isTrue();
        assertThat(news(session, entry(10, 4))).isFalse();
        assertThat(news(session, entry(10, 4).setPreferredReadReplica(8))).isTrue();
        assertThat(news(session, entry(11, 4))).isTrue();
    }

    private static boolean news(FetchSession session, PartitionData entry) {
        return session.told(session.next(), List.of(entry)).orElseThrow().get(0);
    }

    private static PartitionData entry(long highWatermark, long logStart) {
        return new PartitionData()
                .setHighWatermark(highWatermark)
                .setLogStartOffset(logStart)
                .setRecords(MemoryRecords.EMPTY);
    }

    private void pass(double minutes) {
        nowMs += (long) (minutes * MINUTE_MS);
    }

    private int open(FakeConnection connection, int partitions) {
        FetchTurn turn = turn(connection, 0, 0, partitions);
        assertThat(turn).isInstanceOf(FetchTurn.InSession.class);
        return ((FetchTurn.InSession) turn).session().id();
    }

    private boolean goesOn(FakeConnection connection, int session, int epoch) {
        return turn(connection, session, epoch, 0) instanceof FetchTurn.InSession;
    }

    private FetchTurn turn(FakeConnection connection, int session, int epoch, int partitions) {
        FetchRequestData request = wants(partitions);
        return sessions.turn(
                request.setSessionId(session).setSessionEpoch(epoch), false, connection);
    }

    private static FetchRequestData wants(int partitions) {
        return new FetchRequestData()
                .setTopics(
                        List.of(
                                new FetchTopic()
                                        .setTopic("orders")
                                        .setPartitions(
                                                IntStream.range(0, partitions)
                                                        .mapToObj(i ->
                                                                new FetchPartition()
                                                                        .setPartition(i))
                                                        .toList())));
    }
}
