package io.mlog.simulation;

import io.mlog.broker.partition.LeaderStatus;
import io.mlog.broker.partition.Partition;
import io.mlog.model.ErrorCode;
import io.mlog.services.FetchCommand;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A consumer that reads on, from leaders and from followers, and now and then from the start. What
 * it is given must be promised for ever.
 */
final class VirtualConsumer {
    private static final int MAX_BYTES = 4096;
    private static final int MOST_WAIT_MS = 200;
    private static final long TIMEOUT_MICROS = 600_000;

    private final Clients clients;
    private final int partition;
    private final String name;
    private long position;
    private int asked;

    VirtualConsumer(Clients clients, int partition, int number) {
        this.clients = clients;
        this.partition = partition;
        this.name = "consumer " + number;
    }

    void begin() {
        clients.after(20_000 + clients.random().nextInt(300_000), name, this::ask);
    }

    private void ask() {
        if (clients.random().nextInt(20) == 0) {
            position = 0;
        }
        int question = ++asked;
        boolean anyCopy = clients.random().nextInt(3) > 0;
        SimulatedBroker broker = anyCopy ? clients.any() : clients.leaderOf(partition);
        Connection line =
                clients.machines().network().connect(Network.CLIENTS, broker, () -> next(question));
        int waitMs = clients.random().nextInt(MOST_WAIT_MS);
        boolean latest = !anyCopy && clients.random().nextInt(4) == 0;
        line.request(
                name + " asks broker " + broker.id(),
                life -> {
                    if (latest) {
                        latest(life, line, question);
                    } else {
                        read(life, line, question, anyCopy, waitMs);
                    }
                });
        clients.after(TIMEOUT_MICROS, name + " loses patience", () -> next(question));
    }

    /** Goes on, once for each question. */
    private void next(int question) {
        if (question == asked) {
            asked++;
            begin();
        }
    }

    /** Runs at the broker. */
    private void read(BrokerLife life, Connection line, int question, boolean anyCopy, int waitMs) {
        FetchCommand.PartitionFetch wanted =
                FetchCommand.PartitionFetch.ofConsumer(
                        clients.machines().settings().partition(partition),
                        position,
                        MAX_BYTES,
                        FetchCommand.NO_EPOCH);
        life.records()
                .fetch(
                        new FetchCommand(anyCopy, waitMs, 1, MAX_BYTES, List.of(wanted)),
                        found -> given(life, line, question, found.getFirst()));
    }

    /** Still at the broker: from now on the consumer may have it. */
    private void given(BrokerLife life, Connection line, int question, PartitionFetched found) {
        ByteBuffer batches = ReplicaWatch.bytes(found.records());
        boolean leads = leading(life).isPresent();
        if (batches.hasRemaining()) {
            clients.promises().later(() -> shown(life, batches, leads));
        }
        if (found.error() == ErrorCode.NONE && found.highWatermark() >= 0) {
            told(life, found.highWatermark());
        }
        long next = batches.hasRemaining() ? Ledger.Batch.lastOf(batches).endOffset() : position;
        line.reply(
                name + " hears",
                () -> {
                    position = next;
                    line.close();
                    next(question);
                });
    }

    private void shown(BrokerLife life, ByteBuffer batches, boolean leads) {
        if (leads) {
            clients.counts().one(Counts.Kind.READS_FROM_LEADERS);
        } else {
            clients.counts().one(Counts.Kind.READS_FROM_FOLLOWERS);
        }
        clients.promises().ledger(partition).read(life.name(), batches);
    }

    private void latest(BrokerLife life, Connection line, int question) {
        life.records()
                .findOffset(
                        clients.machines().settings().partition(partition),
                        new OffsetWanted.Latest())
                .whenComplete((found, refusal) -> {
                    if (found != null) {
                        told(life, found.offset());
                    }
                    line.reply(
                            name + " hears",
                            () -> {
                                line.close();
                                next(question);
                            });
                });
    }

    private void told(BrokerLife life, long highWatermark) {
        leading(life)
                .ifPresent(leader ->
                        clients.promises()
                                .ledger(partition)
                                .told(life.name(), leader.leaderEpoch(), highWatermark));
    }

    private Optional<LeaderStatus> leading(BrokerLife life) {
        Partition hosted = life.partition(partition);
        return hosted == null ? Optional.empty() : hosted.leading();
    }
}
