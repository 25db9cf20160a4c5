package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Three brokers with a replica each of one partition, and what their tests do with them. */
abstract class ThreeReplicas {
    final ManualTimer time = new ManualTimer();
    final Node leader = new Node(1, time);
    final Node second = new Node(2, time);
    final Node third = new Node(3, time);

    @AfterEach
    final void close() {
        leader.close();
        second.close();
        third.close();
    }

    final void lead(int id, int epoch) {
        for (Node each : List.of(leader, second, third)) {
            each.image(id, epoch, epoch, 1, 1, 2, 3);
        }
    }

    /** The first leads, with those in sync. */
    final void all(int epoch, int partitionEpoch, int minIsr, Integer... isr) {
        for (Node each : List.of(leader, second, third)) {
            each.image(1, epoch, partitionEpoch, minIsr, isr);
        }
    }

    final void produce(Node to, String... values) {
        for (String value : values) {
            to.produce(Acks.LEADER, value);
            assertThat(to.answer().error()).isEqualTo(ErrorCode.NONE);
        }
        to.flush();
    }

    static ByteBuffer nothing() {
        return ByteBuffer.allocate(0);
    }

    static ReplicaData data(long highWatermark, ByteBuffer records) {
        return new ReplicaData(ErrorCode.NONE, highWatermark, 0, Optional.empty(), records);
    }

    /** The second leads in epoch 2 and has records there that nobody has seen. */
    final void secondHasATailOfItsOwn() {
        lead(1, 1);
        produce(leader, "a", "b");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        lead(2, 2);
        produce(second, "lost", "lost too");
    }
}
